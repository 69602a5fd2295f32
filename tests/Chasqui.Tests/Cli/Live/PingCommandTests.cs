using Chasqui.Cli;
using Chasqui.Cli.Commands.Explain;
using Chasqui.Cli.Commands.Live;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Explain;
using Chasqui.Linux.Icmp;
using Chasqui.Linux.Udp;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Cli.Live;

/// <summary>Whom a ping is for, through a real tunnel, and what follows when nothing comes back.</summary>
public sealed class PingCommandTests
{
    private readonly TestTerminal _terminal = new();

    [Theory]
    [InlineData("10.8.0.2", "phone", "10.8.0.2")]
    [InlineData("10.9.1.1", "office", "10.9.1.1")]
    [InlineData("10.8.0.9", "office", "10.8.0.9")] // the longest prefix has it
    [InlineData("phone", "phone", "10.8.0.2")]
    [InlineData("AQEB", "phone", "10.8.0.2")]
    public void APeerIsFoundByAddressNameOrKey(string text, string title, string address)
    {
        PingTarget target = PingTarget.Find(text, [Scene()]);

        Assert.Equal((title, address, "wg0"), (target.Title, target.Address.ToString(), target.Interface));
    }

    [Theory]
    [InlineData("192.0.2.1", "allowed")]
    [InlineData("office", "10.8.0.0/16")] // no address of its own
    [InlineData("nobody", "no peer's name")]
    [InlineData("AQE", "no peer's name")]
    public void WhoIsNotFoundIsNamedWithTheRemedy(string text, string part) =>
        Assert.Contains(part, Assert.Throws<ConfigException>(() => PingTarget.Find(text, [Scene()])).Message);

    [Fact]
    public void ThroughATunnelThereAreAnswersAndTheirTimes()
    {
        using var tunnel = new TestTunnel();

        int code = tunnel.PlaceA.Run(() => Ping(tunnel, TestTunnel.AddressB, "-c", "3", "-i", "0.05"));

        Assert.Equal(0, code);
        Assert.Matches(@"seq=3 time=[0-9.]+ ms\n3 sent, 3 answered, 0 % lost; least/mean/most ", _terminal.Output);
        Assert.Empty(_terminal.Error);
    }

    [Fact]
    public void OverIPv6Too()
    {
        using var tunnel = new TestTunnel();

        Assert.Equal(0, tunnel.PlaceA.Run(() => Ping(tunnel, TestTunnel.AddressB6, "-c", "1")));

        Assert.Contains($"{TestTunnel.AddressB6}: seq=1 time=", _terminal.Output);
    }

    [Fact]
    public void WhenNothingComesBackTheReasonFollows()
    {
        using var tunnel = new TestTunnel();
        tunnel.B.Down();

        int code = tunnel.PlaceA.Run(() => Ping(tunnel, TestTunnel.AddressB, "-c", "1", "-W", "0.3"));

        Assert.Equal(1, code);
        Assert.Contains("1 sent, 0 answered, 100 % lost\n\nwg0: something is wrong\n", _terminal.Output);
        Assert.Matches("\n.*PROBLEM: .*127\\.0\\.0\\.1:", _terminal.Output);
    }

    [Fact]
    public void ARouteThatLeadsElsewhereIsTold()
    {
        using var tunnel = new TestTunnel();
        tunnel.PlaceA.Ip($"route add {TestTunnel.AddressB}/32 dev lo");

        Assert.Equal(0, tunnel.PlaceA.Run(() => Ping(tunnel, TestTunnel.AddressB, "-c", "1")));

        Assert.Contains("go by lo and not by wg0", _terminal.Error);
    }

    [Theory]
    [InlineData("-c", "0")]
    [InlineData("-s", "70000")]
    [InlineData("-i", "-1")]
    public void WrongNumbersAreNamed(string option, string value)
    {
        Assert.Equal(1, new PingCommand(() => [], _ => new TunnelStatus(), (_, _, _) => { }).Execute(new Invocation("chasqui", ["x", option, value], _terminal.Terminal)));

        Assert.Contains(value, _terminal.Error);
    }

    [Fact]
    public void ErrorsAndSecondAnswersAreTold()
    {
        var output = new StringWriter();
        var tally = new PingTally(output);
        UdpAddress from = UdpAddress.V4(0x0A000001, 0);
        tally.Sent(1, 0);
        tally.Sent(2, 0);
        tally.Received(new EchoAnswer(EchoAnswerKind.Reply, 1, from, 0, 0), 1_500_000);
        tally.Received(new EchoAnswer(EchoAnswerKind.Reply, 1, from, 0, 0), 2_500_000);
        tally.Received(new EchoAnswer(EchoAnswerKind.TooBig, 2, from, 4, 1300), 2_500_000);
        tally.WriteSum();

        Assert.Equal(
            "10.0.0.1: seq=1 time=1.5 ms\n10.0.0.1: seq=1 again\n10.0.0.1: seq=2 too long: packets of 1300 bytes fit\n"
            + "2 sent, 1 answered, 50 % lost; least/mean/most 1.5/1.5/1.5 ms\n",
            output.ToString());
    }

    private int Ping(TestTunnel tunnel, params string[] arguments)
    {
        TunnelStatus Read(string name) => tunnel.A.Device.Status();
        void Explain(Invocation call, string name, PublicKey peer) =>
            ExplainCommand.Tell(call.Terminal.PlainOutput, peer, () => TunnelExplainer.Run(name, Read(name), hasJournal: true));
        return new PingCommand(() => ["wg0"], Read, Explain).Execute(new Invocation("chasqui", arguments, _terminal.Terminal));
    }

    private static WatchSubject Scene()
    {
        var subject = new WatchSubject("wg0", WatchSceneTitles);
        subject.Update(_ => new TunnelStatus
        {
            Peers =
            [
                new PeerStatus { PublicKey = WatchScene.Phone, AllowedIps = [Prefix("10.8.0.2/32")] },
                new PeerStatus { PublicKey = WatchScene.Office, AllowedIps = [Prefix("10.9.0.0/16"), Prefix("10.8.0.0/16")] },
            ],
        });
        return subject;
    }

    private static PeerTitles WatchSceneTitles { get; } =
        new(new Dictionary<PublicKey, string> { [WatchScene.Phone] = "phone", [WatchScene.Office] = "office" });

    private static IpPrefix Prefix(string text) => TestDevice.Prefix(text);
}
