using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>The 64-bit limits, each tried on both sides of its edge.</summary>
public sealed class CounterLimitScenarioTests
{
    private const ulong Rekey = ProtocolConstants.RekeyAfterMessages;
    private const ulong Reject = ProtocolConstants.RejectAfterMessages;

    [Theory]
    [InlineData(Rekey - 1, false)]
    [InlineData(Rekey, true)]
    [InlineData(Rekey + 1, true)]
    public void SendingPastRekeyAfterMessagesRenews(ulong counter, bool renews) => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(10.5);
        network.Wire.Clear();
        foreach ((SimulatedHost sender, SimulatedHost receiver) in ((SimulatedHost, SimulatedHost)[])[(a, b), (b, a)])
        {
            sender.PeerOf(receiver).Keypairs.Current!.SendCounter = counter;
            sender.SendTo(receiver);
            network.Interceptor = r => r.Type == MessageType.Initiation;
            network.Advance(0.1);
            Assert.Equal(renews ? 1 : 0, network.Sent(sender, MessageType.Initiation).Count); // the responder too
        }

        Assert.Equal(3, network.DeliveredPackets);
    });

    [Fact]
    public void TheLastCounterIsSentAndTheOneAfterItStagesThePacket() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(10.5);
        network.Interceptor = r => r.Type == MessageType.Initiation;
        Keypair keypair = a.PeerOf(b).Keypairs.Current!;
        keypair.SendCounter = Reject - 1;
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(Reject - 1, network.Sent(a, MessageType.Transport)[^1].Counter);
        Assert.Equal(2, network.DeliveredPackets);

        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(Reject - 1, network.Sent(a, MessageType.Transport)[^1].Counter);
        Assert.Equal(1, a.PeerOf(b).Staged!.Count);
        Assert.False(keypair.IsSendingValid);

        network.Interceptor = null;
        network.Advance(6);
        Assert.Equal(3, network.DeliveredPackets);
        Assert.NotSame(keypair, a.PeerOf(b).Keypairs.Current);
    });

    [Fact]
    public void ABatchThatWouldPassTheLimitIsRefusedWhole() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Peer peer = a.PeerOf(b);
        peer.Keypairs.Current!.SendCounter = Reject - 4;
        Assert.True(a.Tunnel.TryBeginSend(peer, network.Now, 3, 300, out SendGrant grant));
        Assert.Equal(Reject - 4, grant.FirstCounter);
        grant.Keypair.Release();
        Assert.False(a.Tunnel.TryBeginSend(peer, network.Now, 2, 200, out _));
    });

    [Theory]
    [InlineData(Reject - 2, DropReason.None)]
    [InlineData(Reject - 1, DropReason.None)]
    [InlineData(Reject, DropReason.ReplayedCounter)]
    [InlineData(Reject + 1, DropReason.ReplayedCounter)]
    [InlineData(ulong.MaxValue, DropReason.ReplayedCounter)]
    public void ReceivingStopsAtRejectAfterMessages(ulong counter, DropReason expected) => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(expected, b.Receive(a.Address, MakeData(a.PeerOf(b).Keypairs.Current!, counter)).Reason);
    });

    [Fact]
    public void AKeypairThatHasReceivedItsLastMessageReceivesNoOlderOneEither() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Keypair keypair = a.PeerOf(b).Keypairs.Current!;
        Assert.Equal(DropReason.None, b.Receive(a.Address, MakeData(keypair, Reject - 1)).Reason);

        // The kernel looks at the highest counter before it decrypts.
        Assert.Equal(DropReason.SessionExpired, b.Receive(a.Address, MakeData(keypair, Reject - 2)).Reason);
        Assert.Equal(DropReason.SessionExpired, b.Receive(a.Address, MakeData(keypair, 5)).Reason);
    });

    [Theory]
    [InlineData(uint.MaxValue - 1UL)]
    [InlineData((ulong)int.MaxValue)]
    public void CountersGoOnPast32Bits(ulong counter) => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.PeerOf(b).Keypairs.Current!.SendCounter = counter;
        for (int i = 0; i < 5; i++)
        {
            a.SendTo(b);
        }

        network.Advance(0.1);
        Assert.Equal(6, network.DeliveredPackets);
        Assert.Equal(counter + 4, network.Sent(a, MessageType.Transport)[^1].Counter);
    });

    private static byte[] MakeData(Keypair keypair, ulong counter)
    {
        byte[] datagram = new byte[TransportView.MinimumLength];
        TransportView.WriteHeader(datagram, keypair.Remote, counter);
        keypair.Seal(datagram, new PacketSlot[] { new() { Offset = TransportView.HeaderLength, Counter = counter } });
        return datagram;
    }
}
