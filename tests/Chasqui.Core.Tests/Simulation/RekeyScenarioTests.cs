using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class RekeyScenarioTests
{
    [Fact]
    public void TheInitiatorRenewsWhenItSendsAfter120Seconds() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Instant birth = a.PeerOf(b).Keypairs.Current!.Birth;
        network.Advance(birth + ProtocolConstants.RekeyAfterTime - network.Now - TimeSpan.FromMilliseconds(1));
        a.SendTo(b);
        network.Advance(TimeSpan.FromTicks(1));
        Assert.Single(network.Sent(a, MessageType.Initiation));

        network.Advance(0.001);
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(2, network.Sent(a, MessageType.Initiation).Count);
        Assert.Equal(3, network.DeliveredPackets);
    });

    [Theory]
    [InlineData(121)]
    [InlineData(166)]
    [InlineData(179)]
    public void TheResponderNeverRenewsByAge(int seconds) => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(seconds);
        b.SendTo(a);
        network.Advance(0.5);

        Assert.Equal(2, network.DeliveredPackets);
        Assert.Empty(network.Sent(b, MessageType.Initiation));
    });

    [Fact]
    public void AnInitiatorThatOnlyReceivesRenewsAfter165SecondsOnce() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Instant birth = a.PeerOf(b).Keypairs.Current!.Birth;
        b.Apply(new PeerChange { PublicKey = a.PublicKey, PersistentKeepaliveSeconds = 1 }); // asks for no answer, so A is silent
        network.Advance(birth + TimeSpan.FromSeconds(164.9) - network.Now);
        Assert.Single(network.Sent(a, MessageType.Initiation));
        Assert.Single(network.Sent(a, MessageType.Transport));

        network.Interceptor = r => r.Type == MessageType.Initiation;
        network.Advance(5);
        List<WireRecord> initiations = network.Sent(a, MessageType.Initiation);
        Assert.Equal(2, initiations.Count);
        Assert.InRange((initiations[1].At - birth).TotalSeconds, 165, 166.1);
    });

    [Fact]
    public void NoPacketIsLostOrRenumberedAcrossRenewalsOnAPerfectLink() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.SendTo(b, 80);
        network.Advance(0.1);
        for (int i = 0; i < 6200; i++)
        {
            a.SendTo(b, 80);
            b.SendTo(a, 80);
            network.Advance(0.1);
        }

        network.Advance(1);
        Assert.Equal(network.SentPackets, network.DeliveredPackets);
        Assert.InRange(network.Sent(a, MessageType.Initiation).Count, 5, 7); // every 120 s of 620
        Assert.Equal(b.Delivered.Select(p => InnerPacket.NumberOf(p)!.Value).Order(), b.Delivered.Select(p => InnerPacket.NumberOf(p)!.Value));
    });

    [Fact]
    public void DataThatWasOnItsWayOverARenewalIsReceivedOnThePreviousKeypair() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(121);
        List<WireRecord> held = [];
        network.Interceptor = r =>
        {
            if (r.IsData)
            {
                held.Add(r);
            }

            return r.IsData;
        };
        a.SendTo(b);
        network.Advance(0.1);
        network.Interceptor = null;
        a.SendTo(b);
        network.Advance(0.1);
        Assert.NotEqual(held[0].Receiver, network.Sent(a, MessageType.Transport)[^1].Receiver);
        Assert.NotNull(b.PeerOf(a).Keypairs.Previous);

        Assert.Equal(VerdictKind.Deliver, b.Receive(a.Address, held[0].Bytes).Kind);
    });

    [Fact]
    public void ASessionIsUsedNeitherWayAfter180Seconds() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Keypair keypair = a.PeerOf(b).Keypairs.Current!;
        byte[] late = MakeData(keypair);
        byte[] later = MakeData(keypair);
        network.Advance(b.PeerOf(a).Keypairs.Current!.Birth + ProtocolConstants.RejectAfterTime - network.Now - TimeSpan.FromTicks(1));
        Assert.Equal(DropReason.None, b.Receive(a.Address, late).Reason);

        network.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(DropReason.SessionExpired, b.Receive(a.Address, later).Reason);
        network.Interceptor = r => r.Type == MessageType.Initiation;
        network.Advance(0.1);
        network.Wire.Clear();
        a.SendTo(b);
        b.SendTo(a);
        network.Advance(1);
        Assert.Empty(network.Sent(a, MessageType.Transport));
        Assert.Empty(network.Sent(b, MessageType.Transport));
        Assert.Single(network.Sent(b, MessageType.Initiation)); // an old responder has the right to begin anew
    });

    [Fact]
    public void After540SecondsEveryKeyIsZeroAndNoDeadlineIsLeft() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Keypair[] keypairs = [a.PeerOf(b).Keypairs.Current!, b.PeerOf(a).Keypairs.Current!];
        network.Advance(500);
        Assert.NotNull(a.PeerOf(b).Keypairs.Current);
        network.Interceptor = r => r.Type == MessageType.Response; // A's handshake after 15 s of silence never ends

        network.Advance(700);

        Assert.All(keypairs, keypair => Assert.Throws<ObjectDisposedException>(() => keypair.Seal(new byte[16], new PacketSlot[1])));
        foreach (Peer peer in (Peer[])[a.PeerOf(b), b.PeerOf(a)])
        {
            Assert.Null(peer.Keypairs.Current);
            Assert.Null(peer.Keypairs.Previous);
            Assert.Null(peer.Keypairs.Next);
            Assert.Equal(HandshakeState.Zeroed, peer.Handshake.State);
            Assert.Null(peer.Handshake.LocalIndex);
        }

        Assert.Equal(Instant.Never, a.Tunnel.NextDeadline);
        Assert.Equal(Instant.Never, b.Tunnel.NextDeadline);
        Assert.Equal(0, a.Tunnel.SessionIndices);
        Assert.Equal(0, b.Tunnel.SessionIndices);
    });

    [Fact]
    public void KeysAreWholeJustBefore540SecondsAndZeroJustAfter() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        TimeSpan margin = TimeSpan.FromMilliseconds(1);
        a.SendTo(b);
        network.Advance(0.1);
        network.Interceptor = r => r.Type == MessageType.Initiation; // no other session takes its place
        Keypair[] keypairs = [.. new[] { a.PeerOf(b).Keypairs.Current!, b.PeerOf(a).Keypairs.Current! }.OrderBy(keypair => keypair.Birth)];
        byte[][] keys = [.. keypairs.SelectMany(KeysOf)];

        foreach (Keypair keypair in keypairs)
        {
            byte[][] own = [.. KeysOf(keypair)];
            network.Advance(keypair.Birth + (ProtocolConstants.RejectAfterTime * 3) - network.Now - margin);
            Assert.Equal(own, KeysOf(keypair));

            network.Advance(margin * 2);
            Assert.All(KeysOf(keypair), key => Assert.True(SecretMemory.IsZero(key)));
        }

        Assert.All(keys, key => Assert.False(SecretMemory.IsZero(key)));
        Assert.Equal(keys[0], keys[3]);
        Assert.InRange((network.Now - SimulatedNetwork.Origin).TotalSeconds, 540, 540.2);
    });

    /// <summary>Copies of a pair's two keys, as they lie in memory.</summary>
    private static List<byte[]> KeysOf(Keypair keypair)
    {
        var copies = new CopyingGuard();
        keypair.Guard(copies);
        return copies.Guarded;
    }

    private static byte[] MakeData(Keypair keypair)
    {
        byte[] datagram = new byte[TransportView.MinimumLength];
        PacketSlot[] slots = [new PacketSlot { Offset = TransportView.HeaderLength, Counter = keypair.SendCounter }];
        TransportView.WriteHeader(datagram, keypair.Remote, keypair.SendCounter++);
        keypair.Seal(datagram, slots);
        return datagram;
    }
}
