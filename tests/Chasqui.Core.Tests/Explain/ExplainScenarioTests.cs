using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Explain;

/// <summary>What is said on each end of a tunnel with a fault, from what its daemon knows and nothing else.</summary>
public sealed class ExplainScenarioTests
{
    [Fact]
    public void AHealthyTunnelHasNoFindings() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        b.SendTo(a);
        network.Advance(100);

        AssertHealthy(a);
        AssertHealthy(b);
    });

    [Fact]
    public void ATunnelAtRestIsHealthyAndHasNoFindings() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        b.SendTo(a);
        network.Advance(3600);

        AssertHealthy(a);
        AssertHealthy(b);
    });

    [Fact]
    public void OfATunnelThatWasNeverUsedNothingIsTold() => SimulatedNetwork.RunPair(3, (_, a, _) =>
    {
        ExplainReport report = Explain(a);

        Assert.Equal(ExplainState.CannotTell, report.State);
        Assert.Empty(report.Findings);
        Assert.Empty(Assert.Single(report.Peers).Findings);
    });

    [Fact]
    public void OtherPresharedKeysAreToldOnBothEndsWithinTenSeconds() => SimulatedNetwork.Run(4, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        using var key = new PresharedKey([1, .. new byte[31]]);
        a.Connect(b, key);
        b.Connect(a);
        a.SendTo(b);
        network.Advance(9);

        AssertProblem(ExplainCode.PresharedKeyMismatch, a);
        AssertProblem(ExplainCode.ResponsesNotTaken, b);
    });

    [Fact]
    public void AWrongKeyOfThePeerIsToldOnBothEnds() => SimulatedNetwork.Run(5, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost(), other = network.AddHost();
        a.Connect(other);
        a.Apply(new PeerChange { PublicKey = other.PublicKey, Endpoint = b.Address });
        b.Connect(a);
        a.SendTo(other);
        b.SendTo(a);
        network.Advance(9);

        AssertProblem(ExplainCode.PeerKeyDiffers, a);
        Assert.Contains(b.PublicKey.ToString(), AssertProblem(ExplainCode.PeerHasWrongKey, b).Evidence[1], StringComparison.Ordinal);
        Assert.Contains(b.PublicKey.ToString(), AssertProblem(ExplainCode.PeerKeyDiffers, a).NextStep, StringComparison.Ordinal);
    });

    [Fact]
    public void AnotherPrivateKeyIsToldByTheOtherEndWithTheKeyThatItShows() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        using PrivateKey made = PrivateKey.Generate(a.Entropy);
        a.Apply(new DeviceChange { PrivateKey = made });
        a.SendTo(b);
        network.Advance(9);

        Assert.Contains(made.DerivePublicKey().ToString(), AssertProblem(ExplainCode.PeerKeyDiffers, b).NextStep, StringComparison.Ordinal);
        AssertProblem(ExplainCode.NoAnswer, a);
    });

    [Fact]
    public void ACutLineIsNoAnswerAtFirstAndSilenceAfterASession() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(9);
        AssertProblem(ExplainCode.NoAnswer, a);
        Assert.Equal(ExplainState.CannotTell, Explain(b).State);

        network.DefaultLink = new Link();
        network.Advance(10);
        AssertHealthy(a);

        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(25);
        AssertProblem(ExplainCode.PeerSilent, a);
    });

    [Fact]
    public void ASourceThatIsNotAllowedIsToldWithItsOwner() => SimulatedNetwork.Run(8, network =>
    {
        SimulatedHost hub = network.AddHost(), one = network.AddHost(), other = network.AddHost();
        one.Connect(hub);
        hub.Connect(one);
        hub.Connect(other);
        one.Send(network.Register(one, number => InnerPacket.Make(other.Inner, hub.Inner, 100, number)));
        network.Advance(1);

        ExplainFinding finding = AssertProblem(ExplainCode.SourceNotAllowed, hub, one);
        Assert.Contains(other.Inner.ToString(), finding.Verdict, StringComparison.Ordinal);
        Assert.Contains("belongs to second", finding.Verdict, StringComparison.Ordinal);
        Assert.DoesNotContain(Of(hub, other).Findings, told => told.Code == ExplainCode.SourceNotAllowed);
    });

    [Fact]
    public void WhatEveryInterfaceSendsIsNoFault() => SimulatedNetwork.RunPair(9, (network, a, b) =>
    {
        IpAddress linkLocal = IpAddress.V6(0xfe80_0000_0000_0000, 1), routers = IpAddress.V6(0xff02_0000_0000_0000, 2);
        a.SendTo(b);
        network.Advance(1);
        a.Send(network.Register(a, number => InnerPacket.Make(linkLocal, b.InnerV6, 100, number)));
        a.Send(InnerPacket.Make(linkLocal, routers, 100, 0));
        network.Advance(1);

        Assert.True(a.Tunnel.Drops[DropReason.NoPeerForDestination] > 0);
        Assert.True(b.Tunnel.Drops[DropReason.SourceNotAllowed] > 0);
        AssertHealthy(a);
        AssertHealthy(b);
    });

    [Fact]
    public void ADestinationThatNobodyOwnsIsTold() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        a.Apply(new PeerChange { PublicKey = b.PublicKey, ReplaceAllowedIps = true, AllowedIps = [new(new IpPrefix(a.Inner, 32), false)] });
        a.Send(InnerPacket.Make(a.Inner, b.Inner, 100, 0));
        network.Advance(1);

        ExplainFinding finding = Assert.Single(Explain(a).Findings);
        Assert.Equal((ExplainCode.NoPeerForDestination, ExplainSeverity.Problem), (finding.Code, finding.Severity));
        Assert.Contains(b.Inner.ToString(), finding.Verdict, StringComparison.Ordinal);
    });

    [Fact]
    public void AClockThatWentBackIsToldOnBothEnds() => SimulatedNetwork.RunPair(11, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(200);
        a.WallOffset = TimeSpan.FromDays(-1);
        a.SendTo(b);
        network.Advance(9);

        AssertProblem(ExplainCode.ClockWentBack, a);
        AssertProblem(ExplainCode.PeerClockWentBack, b);
    });

    [Fact]
    public void APeerWithoutAnEndpointIsToldOnlyIfThereIsSomethingToSend() => SimulatedNetwork.Run(12, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Connect(b, hasEndpoint: false);
        Assert.Equal(ExplainState.CannotTell, Explain(a).State);

        a.SendTo(b);
        AssertProblem(ExplainCode.NoEndpoint, a);
    });

    [Fact]
    public void TwoMachinesWithOneKeyAreNamedBoth() => SimulatedNetwork.RunPair(13, (network, a, b) =>
    {
        IpEndpoint home = a.Address, twin = new(IpAddress.V4(0xC6336401), 4500);
        for (int i = 0; i < 5; i++)
        {
            a.Address = i % 2 == 0 ? home : twin;
            a.SendTo(b);
            network.Advance(2);
        }

        ExplainFinding finding = AssertProblem(ExplainCode.EndpointFlaps, b);
        Assert.Contains(home.ToString(), finding.Verdict, StringComparison.Ordinal);
        Assert.Contains(twin.ToString(), finding.Verdict, StringComparison.Ordinal);
    });

    [Fact]
    public void OneMoveIsRoamingAndNoFault() => SimulatedNetwork.RunPair(14, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        a.Address = new IpEndpoint(IpAddress.V4(0xC6336401), 4500);
        a.SendTo(b);
        network.Advance(1);

        AssertHealthy(b);
    });

    [Fact]
    public void StrangersAreNoFaultOfATunnelThatWorks() => SimulatedNetwork.Run(15, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost(), stranger = network.AddHost();
        a.Connect(b);
        b.Connect(a);
        stranger.Connect(b);
        a.SendTo(b);
        stranger.SendTo(b);
        network.Advance(1);

        ExplainReport report = Explain(b);
        Assert.Equal(ExplainState.Healthy, report.State);
        Assert.Equal((ExplainCode.UnknownKey, ExplainSeverity.Notice), Assert.Single(report.Findings.Select(told => (told.Code, told.Severity))));
    });

    [Fact]
    public void AnInterfaceThatIsDownIsToldAndItsPeersAreNotJudged() => SimulatedNetwork.RunPair(16, (network, a, b) =>
    {
        a.Tunnel.Down();

        ExplainReport report = Explain(a);
        Assert.Equal(ExplainCode.InterfaceDown, Assert.Single(report.Findings).Code);
        Assert.Equal(ExplainState.CannotTell, Assert.Single(report.Peers).State);
    });

    [Fact]
    public void AClockThatWentBackIsToldEvenWhileTheOldSessionLives() => SimulatedNetwork.RunPair(17, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(2);
        a.Tunnel.Down();
        a.WallOffset = TimeSpan.FromHours(-1);
        a.Tunnel.Up(network.Now);
        a.SendTo(b);
        network.Advance(9);

        ExplainFinding finding = AssertProblem(ExplainCode.PeerClockWentBack, b);
        Assert.Contains("the last initiation that was accepted is dated ", string.Join('\n', finding.Evidence), StringComparison.Ordinal);
    });

    [Fact]
    public void AClockFarAheadIsANoticeUntilItIsSetBack() => SimulatedNetwork.RunPair(18, (network, a, b) =>
    {
        a.WallOffset = TimeSpan.FromDays(30);
        a.SendTo(b);
        network.Advance(2);

        ExplainReport report = Explain(b);
        Assert.Equal(ExplainState.Healthy, report.State);
        ExplainFinding finding = Assert.Single(Assert.Single(report.Peers).Findings);
        Assert.Equal((ExplainCode.PeerClockAhead, ExplainSeverity.Notice), (finding.Code, finding.Severity));
        Assert.Contains("29 days ahead", finding.Verdict, StringComparison.Ordinal);
    });

    /// <summary>The two dates are further apart than a long has nanoseconds.</summary>
    [Fact]
    public void AClockCenturiesBehindIsNotAhead() => SimulatedNetwork.RunPair(20, (network, a, b) =>
    {
        a.WallOffset = TimeSpan.FromDays(-365 * 340);
        a.SendTo(b);
        network.Advance(2);

        AssertHealthy(b);
    });

    [Fact]
    public void PacketsWithoutAnswerAreANoticeAndAProblemIfAnEchoIsLostToo() => SimulatedNetwork.RunPair(19, (network, a, b) =>
    {
        for (int i = 0; i < 4; i++)
        {
            a.SendTo(b);
            network.Advance(1);
        }

        Assert.Equal((ExplainCode.NothingComesBack, ExplainSeverity.Notice), Assert.Single(Told(a, null)));
        Assert.Equal((ExplainCode.NothingComesBack, ExplainSeverity.Problem), Assert.Single(Told(a, new EchoEvidence(b.PublicKey, b.Inner, false))));
        Assert.Equal((ExplainCode.NothingComesBack, ExplainSeverity.Notice), Assert.Single(Told(a, new EchoEvidence(b.PublicKey, b.Inner, true))));
        AssertHealthy(b);

        b.SendTo(a);
        network.Advance(1);
        Assert.Empty(Told(a, null));
    });

    [Fact]
    public void AnAnswerIsNoOneWayTraffic() => SimulatedNetwork.RunPair(20, (network, a, b) =>
    {
        for (int i = 0; i < 10; i++)
        {
            a.SendTo(b);
            b.SendTo(a);
            network.Advance(1);
        }

        network.Advance(5);
        AssertHealthy(a);
        AssertHealthy(b);
    });

    [Fact]
    public void WhatTheNetworkSaysIsToldOfThePeerThatItIsAbout() => SimulatedNetwork.RunPair(21, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(1);
        a.Tunnel.NoteUnreachable(new IpEndpoint(IpAddress.V4(0x01010101), b.Address.Port), Refused, network.Now);
        a.Tunnel.NoteUnreachable(new IpEndpoint(b.Address.Address, 1), Refused, network.Now);
        a.Tunnel.NoteUnreachable(b.Address, MessageTooLong, network.Now);
        Assert.DoesNotContain(Explain(a).Peers[0].Findings, static told => told.Code == ExplainCode.PortUnreachable);

        a.Tunnel.NoteUnreachable(b.Address, Refused, network.Now);
        AssertProblem(ExplainCode.PortUnreachable, a);

        // Anybody can say so: it counts for nothing once the peer is heard.
        network.DefaultLink = new Link();
        network.Advance(10);
        AssertHealthy(a);
        Assert.Equal(2, a.Tunnel.Journal.CountOf(TunnelEventKind.SendFailed));
    });

    [Theory]
    [InlineData(0, 1420, ExplainCode.MtuNotMeasured, ExplainSeverity.Notice)]
    [InlineData(1232, 1420, ExplainCode.MtuHole, ExplainSeverity.Problem)]
    [InlineData(1420, 1420, ExplainCode.MtuFits, ExplainSeverity.Notice)]
    public void WhatWasMeasuredIsTold(int largest, int tried, ExplainCode code, ExplainSeverity severity) => SimulatedNetwork.RunPair(22, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);

        Assert.Contains((code, severity), Told(a, null, new PathMtu(b.PublicKey, b.Inner, largest, tried)));
    });

    [Fact]
    public void ADaemonThatIsGoneIsToldWithItsSocket()
    {
        ExplainReport report = Explainer.RunWithoutDaemon("wg0", hasLink: false, "/run/x.sock");

        Assert.Equal(ExplainState.Problem, report.State);
        ExplainFinding finding = Assert.Single(report.Findings);
        Assert.Equal(ExplainCode.DaemonGone, finding.Code);
        Assert.Contains("/run/x.sock", finding.Evidence[0], StringComparison.Ordinal);
    }

    // errno(3)
    private const int Refused = 111, MessageTooLong = 90;

    private static (ExplainCode Code, ExplainSeverity Severity)[] Told(SimulatedHost host, EchoEvidence? echo, PathMtu? path = null) =>
        [.. Explain(host, new HostEvidence
        {
            HasLink = true,
            IsLinkUp = true,
            HasSocket = true,
            Addresses = [new HostAddress(host.Inner, 32)],
            Echoes = echo is null ? [] : [echo],
            PathMtus = path is null ? [] : [path],
        }).Peers[0].Findings.Select(static told => (told.Code, told.Severity))];

    private static ExplainReport Explain(SimulatedHost host, HostEvidence? evidence = null)
    {
        TunnelStatus status = host.Tunnel.Status(host.Moment, 51820, 0);
        string[] names = ["first", "second", "third"];
        return Explainer.Run(new ExplainSubject
        {
            InterfaceName = "wg0",
            Status = status,
            Host = evidence,
            Names = status.Peers.Select((peer, i) => (peer.PublicKey, names[i])).ToDictionary(),
        });
    }

    private static PeerExplanation Of(SimulatedHost host, SimulatedHost peer) => Explain(host).Peers.Single(told => told.PublicKey == peer.PublicKey);

    private static void AssertHealthy(SimulatedHost host)
    {
        ExplainReport report = Explain(host);
        Assert.Empty(report.Findings);
        Assert.All(report.Peers, static peer => Assert.Empty(peer.Findings));
        Assert.Equal(ExplainState.Healthy, report.State);
    }

    private static ExplainFinding AssertProblem(ExplainCode code, SimulatedHost host, SimulatedHost? peer = null)
    {
        PeerExplanation told = peer is null ? Assert.Single(Explain(host).Peers) : Of(host, peer);
        Assert.Equal(ExplainState.Problem, told.State);
        Assert.Equal(code, told.Findings[0].Code);
        Assert.Equal(told.Findings[0].Verdict, told.Verdict);
        return told.Findings[0];
    }
}
