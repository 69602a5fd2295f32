using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class ConfigurationScenarioTests
{
    [Fact]
    public void AWrongPresharedKeyLetsNothingThrough() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        SetPresharedKey(a, b, 1);
        SetPresharedKey(b, a, 2);
        a.SendTo(b);
        network.Advance(30);

        Assert.Equal(0, network.DeliveredPackets);
        Assert.True(a.Tunnel.Drops[DropReason.HandshakeAuthenticationFailed] > 0);
        Assert.Empty(network.Sent(a, MessageType.Transport));
    });

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(7, 7, true)]
    [InlineData(7, 0, false)]
    [InlineData(0, 7, false)]
    public void PresharedKeysMustBeTheSameAndZeroIsNone(int ofA, int ofB, bool works) => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        SetPresharedKey(a, b, ofA);
        SetPresharedKey(b, a, ofB);
        a.SendTo(b);
        network.Advance(1);

        Assert.Equal(works ? 1 : 0, network.DeliveredPackets);
    });

    [Fact]
    public void APresharedKeySetChangedAndRemovedLiveCountsFromTheNextHandshake() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        foreach (int key in (int[])[5, 6, 0])
        {
            SetPresharedKey(a, b, key);
            network.Advance(200); // the old session dies
            int before = network.DeliveredPackets;
            a.SendTo(b);
            network.Advance(3);
            Assert.Equal(before, network.DeliveredPackets); // B does not have the key yet

            SetPresharedKey(b, a, key);
            network.Advance(20);
            Assert.Equal(before + 1, network.DeliveredPackets);
        }
    });

    [Fact]
    public void AChangeOfThePresharedKeyKeepsTheSession() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Keypair? current = a.PeerOf(b).Keypairs.Current;
        SetPresharedKey(a, b, 5);
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Same(current, a.PeerOf(b).Keypairs.Current);
        Assert.Equal(2, network.DeliveredPackets);
    });

    [Fact]
    public void ANewPrivateKeyStopsTheOldSessionsFromSending() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        PublicKey old = a.PublicKey;
        using PrivateKey key = PrivateKey.Generate(a.Entropy);
        a.Apply(new DeviceChange { PrivateKey = new PrivateKey(key.DangerousSpan) });
        b.SendTo(a); // the other side does not know yet; what it sends is still received
        network.Advance(0.05);
        Assert.Single(a.Delivered);

        network.Wire.Clear();
        a.SendTo(b);
        network.Advance(1);
        Assert.Empty(network.Sent(a, MessageType.Transport));
        Assert.True(b.Tunnel.Drops[DropReason.UnknownPeer] > 0);

        b.Apply(new PeerChange { PublicKey = old, Remove = true });
        b.Connect(a);
        network.Advance(6);
        Assert.Equal(3, network.DeliveredPackets);
    });

    [Fact]
    public void TheSamePrivateKeyAgainChangesNothing() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        using var same = new PrivateKey(a.Key.DangerousSpan);
        Assert.True(a.Tunnel.TryApply(new DeviceChange { PrivateKey = same }, network.Now));
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(2, network.DeliveredPackets);
        Assert.Single(network.Sent(a, MessageType.Initiation));
    });

    [Fact]
    public void AHandshakeUnderWayDoesNotSurviveANewPrivateKey() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Response;
        a.SendTo(b);
        network.Advance(0.1);
        using PrivateKey key = PrivateKey.Generate(a.Entropy);
        a.Tunnel.TryApply(new DeviceChange { PrivateKey = key }, network.Now);

        Assert.Equal(DropReason.InvalidMac1, a.Receive(b.Address, network.Sent(b, MessageType.Response)[0].Bytes).Reason);
        Assert.Equal(HandshakeState.Zeroed, a.PeerOf(b).Handshake.State);
        network.Advance(0.1);
        Assert.Equal(2, network.Sent(a, MessageType.Initiation).Count); // at once: something waits
    });

    [Fact]
    public void OurOwnKeyIsNoPeerInWhateverOrderItComes() => SimulatedNetwork.Run(8, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Connect(a);
        Assert.Equal(DropReason.NoPeerForDestination, a.SendTo(a).Reason);

        a.Connect(b);
        Assert.Equal(VerdictKind.Handled, a.SendTo(b).Kind);
        a.Apply(new DeviceChange { PrivateKey = new PrivateKey(b.Key.DangerousSpan) }); // now B's key is A's own
        Assert.Equal(DropReason.NoPeerForDestination, a.SendTo(b).Reason);
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0);
        Assert.Empty(snapshot.Peers);
        network.Advance(30);
        Assert.Empty(network.Wire);
    });

    /// <summary>The points of low order and their non-canonical forms; with each, the top bit set too. Source: RFC 7748 section 6.1, curve25519 page.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void ToALowOrderKeyNothingIsEverSent(string hex)
    {
        for (int top = 0; top < 2; top++)
        {
            SimulatedNetwork.Run(9, network =>
            {
                SimulatedHost a = network.AddHost(), b = network.AddHost();
                byte[] key = Convert.FromHexString(hex);
                key[31] |= (byte)(top << 7);
                a.Apply(new PeerChange
                {
                    PublicKey = new PublicKey(key),
                    Endpoint = b.Address,
                    PersistentKeepaliveSeconds = 1,
                    AllowedIps = [new(new IpPrefix(b.Inner, 32), false)],
                });
                for (int i = 0; i < 30; i++)
                {
                    Assert.Equal(VerdictKind.Handled, a.SendTo(b).Kind);
                    network.Advance(1);
                }

                Assert.Empty(network.Wire);
            });
        }
    }

    [Fact]
    public void WhileTheInterfaceIsDownNothingIsSentReceivedOrKept() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Peer peer = a.PeerOf(b);
        Keypair keypair = peer.Keypairs.Current!;
        a.Tunnel.Down();
        Assert.Throws<ObjectDisposedException>(() => keypair.Seal(new byte[16], new PacketSlot[1]));
        Assert.Equal(DropReason.InterfaceDown, a.SendTo(b).Reason);
        int wire = network.Wire.Count;
        b.SendTo(a);
        network.Advance(1000);
        Assert.DoesNotContain(network.Wire.Skip(wire), r => r.Sender == a);
        Assert.True(a.Tunnel.Drops[DropReason.InterfaceDown] > 1);
        Assert.Equal(Instant.Never, a.Tunnel.NextDeadline);

        a.Tunnel.Up(network.Now);
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(3, network.DeliveredPackets + 1); // A's two; B's was given up
        Assert.Equal(b.Address, peer.Endpoint.Remote);
    });

    [Fact]
    public void DownForgetsWhatWaits() => SimulatedNetwork.RunPair(11, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(1);
        a.Tunnel.Down();
        network.DefaultLink = Link.Perfect;
        a.Tunnel.Up(network.Now);
        network.Advance(100);

        Assert.Equal(0, network.DeliveredPackets);
        Assert.Single(network.Wire);
    });

    [Fact]
    public void APeerRemovedInMidHandshakeIsGoneAndAddedAgainItIsNew() => SimulatedNetwork.RunPair(12, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Response;
        a.SendTo(b);
        network.Advance(0.1);
        byte[] response = network.Sent(b, MessageType.Response)[0].Bytes;
        Peer removed = a.PeerOf(b);
        a.Remove(b);

        Assert.Equal(DropReason.NoMatchingHandshake, a.Receive(b.Address, response).Reason);
        Assert.Equal(DropReason.NoPeerForDestination, a.SendTo(b).Reason);
        network.Advance(30);
        Assert.Single(network.Sent(a, MessageType.Initiation));
        Assert.Equal(Instant.Never, a.Tunnel.NextDeadline);
        Assert.Equal(0, a.Tunnel.SessionIndices);

        network.Interceptor = null;
        a.Connect(b);
        Assert.NotSame(removed, a.PeerOf(b));
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(1, network.DeliveredPackets);
    });

    [Fact]
    public void ARemovedPeersGrantsSealNothingAndItsDataIsRefused() => SimulatedNetwork.RunPair(13, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Peer peer = a.PeerOf(b);
        b.SendTo(a);
        a.Remove(b);
        network.Advance(0.1);

        Assert.Equal(DropReason.UnknownIndex, a.LastVerdict.Reason);
        Assert.False(a.Tunnel.TryBeginSend(peer, network.Now, 1, 100, out _));
        Assert.Empty(a.Delivered);
    });

    [Fact]
    public void AGrantGivenBeforeTheRemovalSealsUnderItsKeyAndThenTheKeyIsGone() => SimulatedNetwork.RunPair(17, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Assert.True(a.Tunnel.TryBeginSend(a.PeerOf(b), network.Now, 1, 100, out SendGrant grant));
        a.Remove(b);

        grant.Keypair.Seal(new byte[16], new PacketSlot[1]);
        grant.Keypair.Release();
        Assert.Throws<ObjectDisposedException>(() => grant.Keypair.Seal(new byte[16], new PacketSlot[1]));
    });

    [Fact]
    public void ReplacingPeersKeepsThoseThatAreNamedAsNewOnes() => SimulatedNetwork.RunPair(14, (network, a, b) =>
    {
        SimulatedHost c = network.AddHost();
        a.Connect(c);
        a.SendTo(b);
        network.Advance(0.1);
        a.Apply(new DeviceChange { ReplacePeers = true, Peers = [new PeerChange { PublicKey = b.PublicKey }] });
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(51820, 7);

        PeerSnapshot peer = Assert.Single(snapshot.Peers);
        Assert.Equal(b.PublicKey, peer.PublicKey);
        Assert.Empty(peer.AllowedIps);
        Assert.True(peer.Endpoint.IsNone);
        Assert.Equal((51820, 7u), (snapshot.ListenPort, snapshot.FwMark));
    });

    [Fact]
    public void UpdateOnlyAddsNobodyAndRemovalOfAStrangerIsNoError() => SimulatedNetwork.Run(15, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Apply(new PeerChange { PublicKey = b.PublicKey, UpdateOnly = true, PersistentKeepaliveSeconds = 5 });
        a.Apply(new PeerChange { PublicKey = b.PublicKey, Remove = true });
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0);

        Assert.Empty(snapshot.Peers);
    });

    [Fact]
    public void AnAllowedAddressMovesToWhoeverHadItGivenLast() => SimulatedNetwork.RunPair(16, (network, a, b) =>
    {
        SimulatedHost c = network.AddHost();
        c.Connect(a);
        a.Apply(new PeerChange { PublicKey = c.PublicKey, Endpoint = c.Address, AllowedIps = [new(new IpPrefix(b.Inner, 32), false)] });
        a.Send(InnerPacket.Make(a.Inner, b.Inner, 30, 0));
        network.Advance(0.1);

        Assert.NotEmpty(network.SentTo(a, c, MessageType.Initiation));
        Assert.Empty(network.SentTo(a, b, MessageType.Initiation));
    });

    private static void SetPresharedKey(SimulatedHost host, SimulatedHost peer, int value)
    {
        byte[] bytes = new byte[32];
        bytes[5] = (byte)value;
        using var key = new PresharedKey(bytes);
        host.Apply(new PeerChange { PublicKey = peer.PublicKey, PresharedKey = key });
    }
}
