using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>The packet path allocates nothing while a session lasts.</summary>
public sealed class AllocationTests
{
    private const int Packets = 10_000;
    private const int Batch = 32;
    private const int PacketLength = 1300;

    [Fact]
    public void TheSimpleVerbsAllocateNothing()
    {
        using var pair = new TunnelPair(new SeededEntropy(1));
        pair.Establish();
        byte[] aToB = InnerPacket.Make(TunnelPair.InnerA, TunnelPair.InnerB, PacketLength, 7);
        byte[] bToA = InnerPacket.Make(TunnelPair.InnerB, TunnelPair.InnerA, PacketLength, 8);
        byte[] buffer = new byte[2000];
        PassSimply(pair, aToB, bToA, buffer, 100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int delivered = PassSimply(pair, aToB, bToA, buffer, Packets);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(2 * Packets, delivered);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void TheBatchPhasesAllocateNothing()
    {
        using var pair = new TunnelPair(new SeededEntropy(2));
        pair.Establish();
        byte[] packet = InnerPacket.Make(TunnelPair.InnerA, TunnelPair.InnerB, PacketLength, 7);
        byte[] back = InnerPacket.Make(TunnelPair.InnerB, TunnelPair.InnerA, PacketLength, 8);
        byte[] buffer = new byte[Batch * 2000];
        var slots = new PacketSlot[Batch];
        PassBatches(pair, packet, back, buffer, slots, 10);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int delivered = PassBatches(pair, packet, back, buffer, slots, Packets / Batch + 1);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(delivered >= 2 * Packets);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void ADroppedPacketAllocatesNothing()
    {
        using var pair = new TunnelPair(new SeededEntropy(3));
        pair.Establish();
        byte[] toNobody = InnerPacket.Make(TunnelPair.InnerA, IpAddress.V4(0x0B000001), PacketLength, 7);
        byte[] datagram = new byte[100];
        TransportView.WriteHeader(datagram, new SessionIndex(12345), 1);
        byte[] buffer = new byte[2000];
        var outbox = new ArrayOutbox(buffer);
        DropAll(pair, toNobody, datagram, ref outbox, 100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        DropAll(pair, toNobody, datagram, ref outbox, Packets);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(0, outbox.Count);
    }

    private static int PassSimply(TunnelPair pair, byte[] aToB, byte[] bToA, byte[] buffer, int count)
    {
        int delivered = 0;
        var outbox = new ArrayOutbox(buffer);
        for (int i = 0; i < count; i++)
        {
            Moment now = At(pair, i);
            pair.A.SendPacket(now.Now, aToB, ref outbox);
            delivered += Receive(pair.B, now, TunnelPair.OuterA, ref outbox);
            pair.B.SendPacket(now.Now, bToA, ref outbox);
            delivered += Receive(pair.A, now, TunnelPair.OuterB, ref outbox);
        }

        return delivered;
    }

    private static int Receive(Tunnel tunnel, in Moment now, IpEndpoint from, ref ArrayOutbox outbox) =>
        tunnel.ReceiveDatagram(now, new Endpoint(from), 0, outbox.Datagram, ref outbox).Kind == VerdictKind.Deliver ? 1 : 0;

    private static int PassBatches(TunnelPair pair, byte[] packet, byte[] back, byte[] buffer, PacketSlot[] slots, int batches)
    {
        int delivered = 0;
        for (int i = 0; i < batches; i++)
        {
            Moment now = At(pair, i);
            delivered += PassBatch(pair.A, pair.B, TunnelPair.OuterA, now, packet, buffer, slots);
            delivered += PassBatch(pair.B, pair.A, TunnelPair.OuterB, now, back, buffer, slots);
        }

        return delivered;
    }

    private static int PassBatch(
        Tunnel sender, Tunnel receiver, IpEndpoint from, in Moment now, byte[] packet, byte[] buffer, PacketSlot[] slots)
    {
        Assert.True(sender.Route(now.Now, packet, out Peer? peer) == DropReason.None);
        int padded = sender.PaddedLength(packet.Length), stride = padded + Tunnel.DataOverhead;
        Assert.True(sender.TryBeginSend(peer!, now.Now, slots.Length, slots.Length * stride, out SendGrant send));
        for (int i = 0; i < slots.Length; i++)
        {
            int at = (i * stride) + TransportView.HeaderLength;
            ulong counter = send.FirstCounter + (ulong)i;
            TransportView.WriteHeader(buffer.AsSpan(i * stride), send.Keypair.Remote, counter);
            packet.CopyTo(buffer.AsSpan(at));
            slots[i] = new PacketSlot { Offset = at, Length = padded, Counter = counter };
        }

        send.Keypair.Seal(buffer, slots);
        send.Keypair.Release();

        Assert.True(TransportView.TryRead(buffer.AsSpan(0, stride), out TransportView view));
        Assert.True(receiver.TryBeginReceive(view.Receiver, now.Now, default, slots.Length, out ReceiveGrant grant) == DropReason.None);
        grant.Keypair.Open(buffer, slots);
        var outbox = new ArrayOutbox(buffer);
        Assert.True(receiver.CommitReceive(grant, now, new Endpoint(from), 0, buffer, slots, ref outbox) == DropReason.None);
        grant.Keypair.Release();
        int delivered = 0;
        foreach (PacketSlot slot in slots)
        {
            delivered += slot.Length == packet.Length ? 1 : 0;
        }

        return delivered;
    }

    private static void DropAll(TunnelPair pair, byte[] packet, byte[] datagram, ref ArrayOutbox outbox, int count)
    {
        for (int i = 0; i < count; i++)
        {
            pair.A.SendPacket(pair.Moment.Now, packet, ref outbox);
            pair.A.ReceiveDatagram(pair.Moment, new Endpoint(TunnelPair.OuterB), 0, datagram, ref outbox);
        }
    }

    private static Moment At(TunnelPair pair, int step) => pair.Moment with { Now = pair.Moment.Now + TimeSpan.FromMicroseconds(step) };
}
