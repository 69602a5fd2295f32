using System.Collections.Concurrent;
using Chasqui.Core.Crypto;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>One tunnel of the stress test with the queue of datagrams that it is sent; its methods run on several threads at once.</summary>
internal sealed class StressSide(Tunnel tunnel, IpAddress inner, IpAddress otherInner, IpEndpoint outer) : IDisposable
{
    private const int Batch = 8;
    private const int PacketLength = 64;
    private const int Stride = PacketLength + Tunnel.DataOverhead;
    private const int QueueLimit = 500;

    private readonly PacketAead _noKey = new(new byte[ProtocolConstants.KeyLength]);
    private long _delivered;

    internal Tunnel Tunnel { get; } = tunnel;

    /// <summary>The other side, where what this one sends arrives.</summary>
    internal StressSide Other { get; set; } = null!;

    internal ConcurrentQueue<byte[]> Arriving { get; } = new();

    /// <summary>Every data message sealed by this side, as (receiver, counter).</summary>
    internal ConcurrentQueue<(uint Receiver, ulong Counter)> Nonces { get; } = new();

    internal long Delivered => Volatile.Read(ref _delivered);

    internal void SendBatch(Instant now, ulong number)
    {
        if (Other.Arriving.Count > QueueLimit)
        {
            Thread.Yield();
            return;
        }

        byte[] packet = InnerPacket.Make(inner, otherInner, PacketLength, number);
        if (Tunnel.Route(now, packet, out Peer? peer) != DropReason.None)
        {
            return;
        }

        if (!Tunnel.TryBeginSend(peer!, now, Batch, Batch * Stride, out SendGrant grant))
        {
            var outbox = new StressOutbox(this);
            Tunnel.SendPacket(now, packet, ref outbox);
            return;
        }

        byte[] buffer = new byte[Batch * Stride];
        var slots = new PacketSlot[Batch];
        for (int i = 0; i < Batch; i++)
        {
            ulong counter = grant.FirstCounter + (ulong)i;
            TransportView.WriteHeader(buffer.AsSpan(i * Stride), grant.Keypair.Remote, counter);
            packet.CopyTo(buffer.AsSpan((i * Stride) + TransportView.HeaderLength));
            slots[i] = new PacketSlot { Offset = (i * Stride) + TransportView.HeaderLength, Length = PacketLength, Counter = counter };
        }

        grant.Keypair.Seal(buffer, slots);
        grant.Keypair.Release();
        for (int i = 0; i < Batch; i++)
        {
            Launch(buffer.AsSpan(i * Stride, Stride).ToArray());
        }
    }

    internal void ReceiveSome(in Moment now)
    {
        if (!Arriving.TryDequeue(out byte[]? datagram))
        {
            Thread.Yield();
            return;
        }

        var outbox = new StressOutbox(this);
        var from = new Endpoint(outer);
        if (Datagram.Classify(datagram) != MessageType.Transport)
        {
            Tunnel.ReceiveHandshake(now, from, datagram, 0, ref outbox);
            return;
        }

        Assert.True(TransportView.TryRead(datagram, out TransportView view));
        if (Tunnel.TryBeginReceive(view.Receiver, now.Now, default, 1, out ReceiveGrant grant) != DropReason.None)
        {
            return;
        }

        PacketSlot[] slots =
            [new PacketSlot { Offset = TransportView.HeaderLength, Length = datagram.Length - Tunnel.DataOverhead, Counter = view.Counter }];
        grant.Keypair.Open(datagram, slots);
        Tunnel.CommitReceive(grant, now, from, 0, datagram, slots, ref outbox);
        grant.Keypair.Release();
        if (slots[0].Length > 0)
        {
            Check(datagram.AsSpan(slots[0].Offset, slots[0].Length));
        }
    }

    internal void Tick(in Moment now)
    {
        var outbox = new StressOutbox(this);
        Tunnel.Tick(now, ref outbox);
    }

    /// <summary>A datagram leaves this side.</summary>
    internal void Launch(byte[] datagram)
    {
        if (TransportView.TryRead(datagram, out TransportView view))
        {
            Nonces.Enqueue((view.Receiver.Value, view.Counter));
            CheckKey(datagram, view.Counter);
        }

        Other.Arriving.Enqueue(datagram);
    }

    public void Dispose() => _noKey.Dispose();

    /// <summary>INVARIANT: nothing is ever sealed under a key that was zeroed. Every eighth message is tried.</summary>
    private void CheckKey(byte[] datagram, ulong counter)
    {
        if (counter % 8 != 0)
        {
            return;
        }

        byte[] copy = [.. datagram];
        PacketSlot[] slots =
            [new PacketSlot { Offset = TransportView.HeaderLength, Length = copy.Length - Tunnel.DataOverhead, Counter = counter }];
        _noKey.Open(copy, slots);
        if (slots[0].IsAuthentic)
        {
            throw new InvalidOperationException("A packet was sealed under the zero key.");
        }
    }

    private void Check(ReadOnlySpan<byte> packet)
    {
        ulong number = InnerPacket.NumberOf(packet) ?? throw new InvalidOperationException("What was delivered was never sent.");
        if (!packet.SequenceEqual(InnerPacket.Make(otherInner, inner, PacketLength, number)))
        {
            throw new InvalidOperationException($"Packet {number} was changed on its way.");
        }

        Interlocked.Increment(ref _delivered);
    }

    private readonly struct StressOutbox(StressSide side) : IOutbox
    {
        private readonly byte[] _buffer = new byte[2048];

        public Span<byte> Reserve(int lengthBytes) => _buffer.AsSpan(0, lengthBytes);

        public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) => side.Launch(_buffer[..lengthBytes]);
    }
}
