using System.Text;
using Chasqui.Cli.Commands.Live;
using Chasqui.Core;
using Chasqui.Core.Keys;
using Chasqui.Linux;

namespace Chasqui.Tests.Cli.Live;

/// <summary>The full screen: pure, so that it is tested as lines.</summary>
public sealed class WatchScreenTests
{
    [Fact]
    public void APeerThatTalksHasItsRateItsRoundTripAndItsLoss()
    {
        string line = Line(Draw(WatchScene.Subject(WatchScene.Status(), WatchScene.Status(2, 250_000))), "up 14s");

        Assert.StartsWith("  phone ", line, StringComparison.Ordinal);

        Assert.Contains("1.00 Mb/s", line);
        Assert.Contains("24 ms", line);
        Assert.Contains("0.5 %", line);
    }

    [Fact]
    public void APeerThatDoesNotAnswerIsMarked()
    {
        ScreenLine line = Assert.Single(Draw(WatchScene.Subject(WatchScene.Status())), found => found.Text.Contains("no answer 3", StringComparison.Ordinal));

        Assert.Equal(LineStyle.Trouble, line.Style);
    }

    [Fact]
    public void LastEventsAreToldWithTheirAge()
    {
        IReadOnlyList<ScreenLine> lines = Draw(WatchScene.Subject(WatchScene.Status()));

        Assert.Contains("10s ago  phone 192.0.2.7:1: handshake complete: a session is ready", Line(lines, "a session is ready"));
        Assert.Contains("2s ago", Line(lines, "no response to 3 handshake initiations"));
    }

    /// <summary>Whatever the size, no line is longer than the screen and there are no more lines than it has.</summary>
    [Fact]
    public void EveryScreenIsLargeEnoughAndNothingDrivesTheTerminal()
    {
        WatchSubject subject = WatchScene.Subject(WatchScene.Status(), WatchScene.Status(1, 1000));
        for (int rows = 1; rows < 40; rows++)
        {
            for (int columns = 1; columns < 160; columns += 7)
            {
                IReadOnlyList<ScreenLine> lines = new WatchScreen(rows, columns, isUnicode: true).Draw(subject, new WatchView());

                Assert.InRange(lines.Count, 1, rows);
                Assert.All(lines, line => Assert.Equal(columns, line.Text.Length));
                Assert.DoesNotContain(lines, line => line.Text.Any(char.IsControl));
            }
        }
    }

    [Fact]
    public void TheChosenPeerIsOnTheScreenAndToldInFull()
    {
        var view = new WatchView();
        view.Type("jj"u8);

        IReadOnlyList<ScreenLine> lines = Draw(WatchScene.Subject(WatchScene.Status()), view);

        Assert.StartsWith("> ", Assert.Single(lines, line => line.Style == LineStyle.Selected).Text, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Text.Contains(WatchScene.Spare.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void OfManyPeersTheChosenOneIsShown()
    {
        PeerStatus[] peers = [.. Enumerable.Range(0, 500).Select(i => new PeerStatus { PublicKey = new PublicKey([(byte)i, (byte)(i >> 8), .. new byte[30]]) })];
        var view = new WatchView();
        view.Type(Encoding.ASCII.GetBytes(new string('j', 700)));

        IReadOnlyList<ScreenLine> lines = Draw(WatchScene.Subject(new TunnelStatus { IsUp = true, Peers = peers }), view);

        Assert.Contains(peers[499].PublicKey.ToString()[..4], Assert.Single(lines, line => line.Style == LineStyle.Selected).Text);
    }

    [Fact]
    public void AnInterfaceThatHasGoneIsSaidAndTheRestStays()
    {
        WatchSubject subject = WatchScene.Subject(WatchScene.Status());
        subject.Update(name => throw new LinuxException("find", name, Errno.ENODEV));

        IReadOnlyList<ScreenLine> lines = Draw(subject);

        Assert.Contains(lines, line => line.Style == LineStyle.Trouble && line.Text.Contains("ENODEV", StringComparison.Ordinal));
        Assert.Contains("phone", Line(lines, "up 12s"));
    }

    [Fact]
    public void KeysChooseOrderPauseAndLeave()
    {
        var view = new WatchView();
        view.Type("s\e[B\eOB\e[A \t\tx"u8);

        Assert.Equal((PeerOrder.Rate, true, false), (view.Order, view.IsPaused, view.IsOver));
        Assert.Equal(2, view.TakeSteps());
        Assert.Equal(0, view.TakeSteps());
        Assert.Equal(1, Sorted(view) is { Count: 3 } ? view.Selected : -1);
        view.Type([3]);
        Assert.True(view.IsOver);

        static IReadOnlyList<PeerStatus> Sorted(WatchView view) => view.Sort(WatchScene.Subject(WatchScene.Status()));
    }

    [Fact]
    public void EveryOrderHasAllPeers()
    {
        WatchSubject subject = WatchScene.Subject(WatchScene.Status(), WatchScene.Status(1, 1000));
        var view = new WatchView();
        List<PublicKey> firsts = [];
        for (int i = 0; i <= (int)PeerOrder.Trouble; i++, view.Type("s"u8))
        {
            IReadOnlyList<PeerStatus> peers = view.Sort(subject);
            Assert.Equal(3, peers.Select(peer => peer.PublicKey).Distinct().Count());
            firsts.Add(peers[0].PublicKey);
        }

        Assert.Equal(WatchScene.Phone, firsts[(int)PeerOrder.Rate]);
        Assert.Equal(WatchScene.Spare, firsts[(int)PeerOrder.Name]); // its key begins with A
        Assert.Equal(WatchScene.Office, firsts[(int)PeerOrder.Trouble]);
    }

    private static string Line(IReadOnlyList<ScreenLine> lines, string part) =>
        Assert.Single(lines, line => line.Text.Contains(part, StringComparison.Ordinal)).Text;

    private static IReadOnlyList<ScreenLine> Draw(WatchSubject subject, WatchView? view = null) => new WatchScreen(30, 120, isUnicode: true).Draw(subject, view ?? Last());

    private static WatchView Last()
    {
        var view = new WatchView();
        view.Type("jjj"u8);
        return view;
    }
}
