using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>What a tunnel tells its owner of what went wrong, and of what did not.</summary>
public sealed class JournalScenarioTests
{
    [Fact]
    public void AHandshakeIsToldOnBothSides() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal([TunnelEventKind.HandshakeStarted, TunnelEventKind.HandshakeCompleted], Kinds(a));
        Assert.Equal([TunnelEventKind.HandshakeAnswered, TunnelEventKind.HandshakeCompleted], Kinds(b));
        Assert.All(Events(b), told => Assert.Equal(a.PublicKey, told.Peer));
        Assert.Equal(0, b.PeerOf(a).UnconfirmedResponses);
        Assert.NotNull(a.PeerOf(b).HandshakeRoundTrip);
    });

    /// <summary>Initiation and data one way, the response the other; ten seconds later a keepalive says that the data has come.</summary>
    [Fact]
    public void MessagesAndHandshakesAreCountedOnBothSides() => SimulatedNetwork.RunPair(11, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal((2UL, 1UL, 1L), Counted(a));
        Assert.Equal((1UL, 2UL, 1L), Counted(b));

        network.Advance(15);

        Assert.Equal((2UL, 2UL, 1L), Counted(a));
        Assert.Equal((2UL, 2UL, 1L), Counted(b));
        Assert.Equal(1, Status(a).EventCounts[TunnelEventKind.HandshakeStarted]);
        Assert.False(Status(b).EventCounts.ContainsKey(TunnelEventKind.HandshakeStarted));

        static TunnelStatus Status(SimulatedHost host) => host.Tunnel.Status(host.Moment, 0, 0);

        static (ulong Sent, ulong Received, long Handshakes) Counted(SimulatedHost host)
        {
            PeerStatus peer = Assert.Single(Status(host).Peers);
            return (peer.SentPackets, peer.ReceivedPackets, peer.CompletedHandshakes);
        }
    });

    [Fact]
    public void AnInitiationFromAKeyThatIsNoPeersNamesTheKeyAndTheAddress() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        b.Apply(new PeerChange { PublicKey = a.PublicKey, Remove = true });
        a.SendTo(b);
        network.Advance(0.1);

        TunnelEvent drop = LastDrop(b, DropReason.UnknownPeer);
        Assert.Equal(a.PublicKey, drop.Peer);
        Assert.Equal(a.Address, drop.Remote);
    });

    /// <summary>The initiator has the wrong public key for us: mac1 does not fit, and more is not known.</summary>
    [Fact]
    public void AWrongMac1NamesTheAddressAlone() => SimulatedNetwork.Run(3, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost(), c = network.AddHost();
        b.Connect(a);
        a.Connect(c);
        a.Apply(new PeerChange { PublicKey = c.PublicKey, Endpoint = b.Address });
        a.SendTo(c);
        network.Advance(0.1);

        TunnelEvent drop = LastDrop(b, DropReason.InvalidMac1);
        Assert.Null(drop.Peer);
        Assert.Equal(a.Address, drop.Remote);
    });

    /// <summary>With another preshared key the initiation is fine, and the response is what does not authenticate.</summary>
    [Fact]
    public void AnotherPresharedKeyShowsOnBothSides() => SimulatedNetwork.Run(4, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        using var key = new PresharedKey([1, .. new byte[31]]);
        a.Connect(b, key);
        b.Connect(a);
        a.SendTo(b);
        network.Advance(12);

        Assert.Equal(b.PublicKey, LastDrop(a, DropReason.HandshakeAuthenticationFailed).Peer);
        Assert.True(a.PeerOf(b).Drops![DropReason.HandshakeAuthenticationFailed] >= 2);
        Assert.True(b.PeerOf(a).UnconfirmedResponses >= 2);
    });

    [Fact]
    public void ASourceThatIsNotAllowedIsNamedWithItsOwner() => SimulatedNetwork.Run(5, network =>
    {
        SimulatedHost hub = network.AddHost(), one = network.AddHost(), other = network.AddHost();
        one.Connect(hub);
        other.Connect(hub);
        hub.Connect(one);
        hub.Connect(other);
        one.Send(network.Register(one, number => InnerPacket.Make(other.Inner, hub.Inner, 100, number)));
        network.Advance(0.1);

        TunnelEvent drop = LastDrop(hub, DropReason.SourceNotAllowed);
        Assert.Equal((one.PublicKey, other.PublicKey, other.Inner), (drop.Peer, drop.Owner, drop.Inner));
        Assert.Equal(1, hub.PeerOf(one).Drops![DropReason.SourceNotAllowed]);
        Assert.Null(hub.PeerOf(other).Drops);
    });

    [Fact]
    public void ADestinationThatNobodyOwnsIsNamed() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        b.Apply(new PeerChange { PublicKey = a.PublicKey, ReplaceAllowedIps = true });
        Assert.Equal(DropReason.NoPeerForDestination, b.SendTo(a).Reason);

        Assert.Equal(a.Inner, LastDrop(b, DropReason.NoPeerForDestination).Inner);
    });

    [Fact]
    public void ACutLinkIsToldAttemptByAttemptUntilItIsGivenUp() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(400);

        List<TunnelEvent> unanswered = [.. Events(a).Where(told => told.Kind == TunnelEventKind.HandshakeUnanswered)];
        Assert.Equal(Enumerable.Range(1, unanswered.Count).Select(i => (long)i), unanswered.Select(told => told.Number));
        Assert.All(unanswered, told => Assert.Equal(b.Address, told.Remote));
        Assert.Equal(TunnelEventKind.HandshakeGivenUp, Kinds(a)[^1]);
        Assert.Equal(1, a.PeerOf(b).Drops![DropReason.HandshakeTimedOut]);
    });

    [Fact]
    public void RoamingIsToldFromAndTo() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        IpEndpoint before = a.Address;
        a.Address = new IpEndpoint(IpAddress.V4(0xC6336401), 4500);
        a.SendTo(b);
        network.Advance(0.1);

        TunnelEvent roamed = Assert.Single(Events(b), told => told.Kind == TunnelEventKind.PeerRoamed);
        Assert.Equal((before, a.Address), (roamed.Before, roamed.Remote));
    });

    [Fact]
    public void AClockThatWentBackShowsAsAReplayedTimestampOfThatPeer() => SimulatedNetwork.RunPair(9, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(200);
        a.WallOffset = TimeSpan.FromDays(-1);
        a.SendTo(b);
        network.Advance(1);

        Assert.Equal(a.PublicKey, LastDrop(b, DropReason.ReplayedTimestamp).Peer);
    });

    [Fact]
    public void LoadIsToldWhenItBeginsAndWhenItEnds() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        b.QueuedHandshakes = 600;
        a.SendTo(b);
        network.Advance(6);
        b.QueuedHandshakes = 0;
        network.Advance(200);
        a.SendTo(b);
        network.Advance(1);

        Assert.Contains(TunnelEventKind.CookieReceived, Kinds(a));
        Assert.Single(Kinds(b), TunnelEventKind.UnderLoadBegan);
        Assert.Single(Kinds(b), TunnelEventKind.UnderLoadEnded);
    });

    [Fact]
    public void ANameThatResolvesOrDoesNotIsToldOnce() => SimulatedNetwork.Run(20, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        b.Connect(a);
        a.ConnectByName(b, "b.example", keepalive: 25);
        network.Advance(3);

        TunnelEvent failed = Events(a).First(told => told.Kind == TunnelEventKind.EndpointNotResolved);
        Assert.Equal((b.PublicKey, 1L), (failed.Peer, failed.Number));

        a.NameServer["b.example"] = [b.Address];
        network.Advance(20);

        TunnelEvent found = Assert.Single(Events(a), told => told.Kind == TunnelEventKind.EndpointResolved);
        Assert.Equal((b.PublicKey, b.Address, default(IpEndpoint)), (found.Peer, found.Remote, found.Before));

        var elsewhere = new IpEndpoint(IpAddress.V4(0xC6336407), 51820);
        a.NameServer["b.example"] = [elsewhere];
        network.Advance(1000);

        TunnelEvent moved = Events(a).Last(told => told.Kind == TunnelEventKind.EndpointResolved);
        Assert.Equal((elsewhere, b.Address), (moved.Remote, moved.Before));
    });

    private static List<TunnelEvent> Events(SimulatedHost host)
    {
        List<TunnelEvent> events = [];
        long next = 0;
        while (host.Tunnel.Journal.TryRead(ref next, out TunnelEvent found, out _))
        {
            events.Add(found);
        }

        return events;
    }

    private static List<TunnelEventKind> Kinds(SimulatedHost host) => [.. Events(host).Select(told => told.Kind)];

    private static TunnelEvent LastDrop(SimulatedHost host, DropReason reason)
    {
        var recent = new TunnelEvent[1];
        Assert.Equal(1, host.Tunnel.Journal.CopyRecent(TunnelEventKind.Dropped, reason, recent));
        return recent[0];
    }
}
