using System.Text.Json;
using Chasqui.Cli;
using Chasqui.Cli.Commands.Explain;
using Chasqui.Core;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Explain;
using Chasqui.Linux;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Cli.Explain;

/// <summary>The command explain: what it prints, its JSON, its exit codes and its errors.</summary>
public sealed class ExplainCommandTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public void APeerThatWorksIsOneLineAndCodeZero()
    {
        Assert.Equal(0, Run(Working()));

        Assert.StartsWith("wg0: healthy\n\nok: office is healthy: handshake 5 seconds ago", _terminal.Output);
        Assert.Empty(_terminal.Error);
    }

    [Fact]
    public void AProblemHasItsEvidenceAndItsNextStepAndCodeOne()
    {
        Assert.Equal(1, Run(WithoutEndpoint()));

        Assert.Equal(
            $"""
            wg0: something is wrong

            PROBLEM: office has no endpoint, and has not called: there is nowhere to send to
                - 3 packets for it dropped
                -> chasqui set wg0 peer {Key} endpoint HOST:PORT, or let office begin

            """,
            _terminal.Output);
    }

    [Fact]
    public void NothingTriedIsCodeTwo()
    {
        Assert.Equal(2, Run(new PeerStatus { PublicKey = Key, AllowedIps = [Prefix] }));

        Assert.StartsWith("wg0: nothing to tell yet\n\n?: nothing was sent to office", _terminal.Output);
    }

    [Fact]
    public void WithLessEvidenceThatIsSaid()
    {
        Assert.Equal(0, Execute(_ => _ => Report(Working(), hasJournal: false)));

        Assert.EndsWith("\nThe daemon of wg0 tells no more than any: reasons that only it knows are missing here.\n", _terminal.Output);
    }

    [Fact]
    public void TheDocumentHasTheMembersOfTheDocumentation()
    {
        Assert.Equal(1, Execute(_ => _ => Report(WithoutEndpoint()), "wg0", "--json"));

        using var document = JsonDocument.Parse(_terminal.Output);
        Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
        JsonElement told = Assert.Single(document.RootElement.GetProperty("interfaces").EnumerateArray());
        Assert.Equal(["name", "state", "hasEvents", "findings", "peers"], told.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(("wg0", "problem", true), (told.GetProperty("name").GetString(), told.GetProperty("state").GetString(), told.GetProperty("hasEvents").GetBoolean()));
        JsonElement peer = Assert.Single(told.GetProperty("peers").EnumerateArray());
        Assert.Equal(["publicKey", "name", "state", "verdict", "findings"], peer.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(Key.ToString(), peer.GetProperty("publicKey").GetString());
        JsonElement finding = Assert.Single(peer.GetProperty("findings").EnumerateArray());
        Assert.Equal(["code", "severity", "verdict", "evidence", "nextStep"], finding.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(("no-endpoint", "problem"), (finding.GetProperty("code").GetString(), finding.GetProperty("severity").GetString()));
        Assert.Equal("3 packets for it dropped", Assert.Single(finding.GetProperty("evidence").EnumerateArray()).GetString());
        Assert.Equal(peer.GetProperty("verdict").GetString(), finding.GetProperty("verdict").GetString());
    }

    [Fact]
    public void ADaemonThatIsGoneIsAProblemOfTheInterface()
    {
        Assert.Equal(1, Execute(_ => _ => Explainer.RunWithoutDaemon("wg0", hasLink: false, "/run/wg0.sock"), "wg0", "office", "--json"));

        using var document = JsonDocument.Parse(_terminal.Output);
        JsonElement told = document.RootElement.GetProperty("interfaces")[0];
        Assert.Equal("daemon-gone", told.GetProperty("findings")[0].GetProperty("code").GetString());
        Assert.Empty(told.GetProperty("peers").EnumerateArray());
    }

    [Fact]
    public void OnlyPeersThatWorkAreMeasuredAndOnlyIfAsked()
    {
        List<IReadOnlyList<PublicKey>> asked = [];
        ExplainReport Explain(PeerStatus peer, IReadOnlyList<PublicKey> measured)
        {
            asked.Add(measured);
            return Report(peer);
        }

        Execute(_ => measured => Explain(Working(), measured), "wg0", "office");
        Execute(_ => measured => Explain(WithoutEndpoint(), measured), "wg0", "office", "--mtu");
        Execute(_ => measured => Explain(Working(), measured), "wg0", "office", "--mtu");

        Assert.Equal([0, 0, 0, 1], asked.Select(static keys => keys.Count));
        Assert.Equal(Key, asked[3][0]);
    }

    [Theory]
    [InlineData("there is none", "no peer `nobody'; it has office", "wg0", "nobody")]
    [InlineData("cannot be asked", "`wg9' cannot be asked: No such device", "wg9")]
    [InlineData("no option", "--what", "wg0", "--what")]
    public void WhatIsWrongIsNamed(string what, string part, params string[] arguments)
    {
        Assert.Equal(2, Execute(name => name == "wg0" ? _ => Report(Working()) : throw new LinuxException("get", name, Errno.ENODEV), arguments));

        Assert.True(_terminal.Error.Contains(part, StringComparison.Ordinal), $"{what}: {_terminal.Error}");
        Assert.Empty(_terminal.Output);
    }

    [Fact]
    public void WithoutInterfacesTheRemedyIsTold()
    {
        var command = new ExplainCommand(static () => [], static _ => throw new InvalidOperationException());

        Assert.Equal(2, command.Execute(new Invocation("chasqui", [], _terminal.Terminal)));

        Assert.Contains("no interface runs; bring one up: chasqui up IFNAME", _terminal.Error);
    }

    [Fact]
    public void ARealTunnelIsHealthyAndItsPathMeasured()
    {
        using var tunnel = new TestTunnel();
        Assert.Equal(0, tunnel.Ping(TestTunnel.AddressB, 2).Code);

        int code = tunnel.PlaceA.Run(() => Execute(_ => measured => TunnelExplainer.Run("wg0", tunnel.A.Device.Status(), true, measured), "wg0", "--mtu"));

        Assert.Equal(0, code);
        Assert.Contains("is healthy: handshake", _terminal.Output);
        Assert.Contains("packets of 1420 bytes, the MTU of wg0, get to ", _terminal.Output);
    }

    private static PublicKey Key { get; } = new([7, .. new byte[31]]);

    private static IpPrefix Prefix => new(IpAddress.V4(0x0a080002), 32);

    private static PeerStatus Working() => new()
    {
        PublicKey = Key,
        AllowedIps = [Prefix],
        LastHandshakeUnixNanoseconds = 1_700_000_000_000_000_000,
        SinceReceived = TimeSpan.FromSeconds(1),
        SessionAge = TimeSpan.FromSeconds(5),
    };

    private static PeerStatus WithoutEndpoint() => new()
    {
        PublicKey = Key,
        AllowedIps = [Prefix],
        StagedPackets = 1,
        Drops = new Dictionary<DropReason, long> { [DropReason.NoEndpoint] = 3 },
    };

    private static ExplainReport Report(PeerStatus peer, bool hasJournal = true) => Explainer.Run(new ExplainSubject
    {
        InterfaceName = "wg0",
        HasJournal = hasJournal,
        Names = new Dictionary<PublicKey, string> { [Key] = "office" },
        Status = new TunnelStatus
        {
            IsUp = true,
            PublicKey = new PublicKey([9, .. new byte[31]]),
            UnixNanoseconds = 1_700_000_005_000_000_000,
            Peers = [peer],
        },
    });

    private int Run(PeerStatus peer) => Execute(_ => _ => Report(peer));

    private int Execute(Func<string, Func<IReadOnlyList<PublicKey>, ExplainReport>> open, params string[] arguments) =>
        new ExplainCommand(static () => ["wg0"], open).Execute(new Invocation("chasqui", arguments, _terminal.Terminal));
}
