using System.Net;
using Chasqui.HostileNetwork;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>A translator with a bad line between two daemons: A is the client, whose peer is the translator; B learns where A is.</summary>
public sealed class HostileNetworkTests : SystemTest
{
    private const int Seed = 2611;

    private static readonly TimeSpan UntilAllIsRead = TimeSpan.FromMilliseconds(300);

    /// <summary>What else befalls datagrams besides being lost.</summary>
    private static Weather Bad { get; } = new()
    {
        Reorder = 0.02,
        Duplicate = 0.02,
        Corrupt = 0.01,
        Replay = 0.02,
        Delay = TimeSpan.FromMilliseconds(1),
    };

    [Theory]
    [InlineData(0, 4 << 20)]
    [InlineData(0.05, 1 << 20)]
    [InlineData(0.2, 100_000)]
    public void TransfersArriveWholeWhateverIsLost(double loss, int bytes) =>
        TransferBothWays(Implementation.Chasqui, Implementation.Chasqui, Bad with { Loss = loss }, bytes);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TransfersArriveWholeOnABadLine(Implementation a, Implementation b) =>
        TransferBothWays(a, b, Bad with { Loss = 0.01 }, 2 << 20);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task FollowsATranslatorThatChangesItsMappingAmidATransfer(Implementation a, Implementation b)
    {
        var (tunnel, box) = Build(a, b);
        box.Weather = new Weather { BitsPerSecond = 40_000_000 };
        List<IPEndPoint> mappings = [box.Mapping];

        var transfer = Task.Run(() => Transfers.Tcp(tunnel.A.Home, tunnel.B.Home, tunnel.B.Inner4, 5 << 20), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(250, TestContext.Current.CancellationToken);
            Assert.False(transfer.IsCompleted, "the transfer was over before the mapping changed");
            box.Rebind();
            mappings.Add(box.Mapping);
        }

        await transfer;
        Assert.Equal(4, mappings.Distinct().Count());
        Assert.Equal($"{box.Mapping}", tunnel.B.EndpointOf(tunnel.A));
        Assert.Equal($"127.0.0.1:{tunnel.B.Port}", tunnel.A.EndpointOf(tunnel.B));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void EverythingReplayedAddsNothingAndMovesNothing(Implementation a, Implementation b)
    {
        var (tunnel, box) = Build(a, b);

        // At a rate at which no socket overflows: what has never arrived would be taken, and rightly so.
        box.Weather = new Weather { BitsPerSecond = 40_000_000, LongestQueue = TimeSpan.FromSeconds(5) };
        Transfers.Tcp(tunnel.A.Home, tunnel.B.Home, tunnel.B.Inner4, 1 << 20);
        Thread.Sleep(UntilAllIsRead);
        Assert.Equal(box.ToServer.SentBytes, tunnel.B.Wg.Transfer(tunnel.A.Key.Public).Received);
        Assert.Equal(box.ToClient.SentBytes, tunnel.A.Wg.Transfer(tunnel.B.Key.Public).Received);
        var (a1, b1) = (StateOf(tunnel.A, tunnel.B), StateOf(tunnel.B, tunnel.A));
        using var stranger = tunnel.A.Home.UdpSocket(Tunnel.VethAddressA4);

        var replayed = box.ReplayToServer(stranger);
        box.ReplayToServer(null);
        box.ReplayToClient();
        Thread.Sleep(UntilAllIsRead);

        Assert.InRange(replayed, 500, int.MaxValue);
        Assert.Equal(a1, StateOf(tunnel.A, tunnel.B));
        Assert.Equal(b1, StateOf(tunnel.B, tunnel.A));
        tunnel.A.AssertReaches(tunnel.B);
        tunnel.B.AssertReaches(tunnel.A);
        Assert.Equal($"{box.Mapping}", tunnel.B.EndpointOf(tunnel.A));
    }

    private void TransferBothWays(Implementation a, Implementation b, Weather weather, int bytes)
    {
        var (tunnel, box) = Build(a, b);
        box.Weather = weather;

        Transfers.Tcp(tunnel.A.Home, tunnel.B.Home, tunnel.B.Inner4, bytes);
        Transfers.Tcp(tunnel.B.Home, tunnel.A.Home, tunnel.A.Inner4, bytes);

        Assert.InRange(Disturbed(box.ToServer) + Disturbed(box.ToClient), 1, long.MaxValue);
        tunnel.A.Daemon.AssertRunning();
        tunnel.B.Daemon.AssertRunning();
    }

    private static long Disturbed(PassageCounts counts) =>
        counts.Lost + counts.Duplicated + counts.Reordered + counts.Corrupted + counts.Replayed;

    /// <summary>A tunnel with a session, and the translator between its ends in fair weather.</summary>
    private (Tunnel Tunnel, Middlebox Box) Build(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.OverVeth(a, b));
        var inside = tunnel.A.Home.UdpSocket("127.0.0.1", tunnel.B.Port);
        var server = new IPEndPoint(IPAddress.Parse(Tunnel.VethAddressB4), tunnel.B.Port);
        var box = Own(new Middlebox(inside, () => tunnel.A.Home.UdpSocket(Tunnel.VethAddressA4), server, Weather.Clear, Seed));
        tunnel.Configure(null, null, "127.0.0.1");
        tunnel.WaitForTraffic();
        return (tunnel, box);
    }

    /// <summary>What a peer's messages change when they are taken.</summary>
    private static (long Received, string Endpoint, long Handshake) StateOf(TunnelEnd end, TunnelEnd other) =>
        (end.Wg.Transfer(other.Key.Public).Received, end.EndpointOf(other), end.Wg.LatestHandshake(other.Key.Public));
}
