using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>The thread that reads the interface: packets are cut, sealed into one buffer and sent in as few calls as possible.</summary>
/// <remarks>
/// Runs to completion: what one read gave, up to 64 KiB of one flow, has left before the next. It sleeps in poll(2) when the
/// interface has nothing, and wakes for nothing else but <see cref="Dispose"/>.
/// </remarks>
internal sealed class OutboundLoop : IDisposable
{
    private const int MaxBatch = 64; // UDP_MAX_SEGMENTS
    private const int BufferLength = 65536 + (MaxBatch * (Tunnel.DataOverhead + ProtocolConstants.PaddingMultiple));
    private const int FrameLength = VirtioNetHeader.Length + 65536;

    private readonly DeviceContext _context;
    private readonly EventFd _stop = new();
    private readonly byte[] _frame = GC.AllocateUninitializedArray<byte>(FrameLength, pinned: true);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);
    private readonly PacketSlot[] _slots = new PacketSlot[MaxBatch];
    private readonly IcmpReplies _icmp;
    private readonly Thread _thread;
    private SendingOutbox _outbox;
    private volatile bool _isStopping;

    /// <summary>Starts reading the interface.</summary>
    internal OutboundLoop(DeviceContext context)
    {
        _context = context;
        _outbox = new SendingOutbox(context.Sockets);
        _icmp = new IcmpReplies(context.Tun);
        _thread = new Thread(Run) { IsBackground = true, Name = "tun" };
        _thread.Start();
    }

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        using var poller = new Poller(2);
        poller.Add(_context.Tun.Descriptor, PollEvents.Read);
        poller.Add(_stop.Descriptor, PollEvents.Read);
        try
        {
            while (!_isStopping)
            {
                int length = _context.Tun.Read(_frame);
                if (length > 0)
                {
                    ProcessFrame(_frame.AsSpan(0, length));
                    _context.WakeForDeadline();
                }
                else if (length == 0)
                {
                    poller.Wait(Poller.Forever);
                }
                else
                {
                    _context.InterfaceIsGone();
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            _context.Fail(exception);
        }
    }

    private void ProcessFrame(ReadOnlySpan<byte> frame)
    {
        Tunnel tunnel = _context.Tunnel;
        if (!SuperPacket.TryPlan(frame, out SegmentPlan plan))
        {
            tunnel.CountDrop(DropReason.InvalidInnerPacket);
            return;
        }

        Instant now = Clock.Read().Now;
        DropReason reason = tunnel.Route(plan.Packet, out Peer? peer);
        if (reason != DropReason.None)
        {
            if (reason is DropReason.NoPeerForDestination or DropReason.NoEndpoint)
            {
                _icmp.AnswerUnreachable(now, plan.Packet);
            }

            return;
        }

        int last = plan.Count - 1;
        int stride = tunnel.PaddedLength(plan.LengthOf(0)) + Tunnel.DataOverhead;
        int lastLength = tunnel.PaddedLength(plan.LengthOf(last)) + Tunnel.DataOverhead;
        if (tunnel.TryBeginSend(peer!, now, plan.Count, (last * stride) + lastLength, out SendGrant grant))
        {
            SendSealed(plan, peer!, grant, stride);
        }
        else
        {
            SendStaged(plan, now);
        }
    }

    /// <summary>Seals in chunks of what one sendmsg(2) takes. All datagrams but the last are of one length, so they lie end to end.</summary>
    private void SendSealed(SegmentPlan plan, Peer peer, in SendGrant grant, int stride)
    {
        byte trafficClass = IpPacket.EncapsulatedTrafficClass(IpPacket.TrafficClass(plan.Packet));
        int perChunk = Math.Clamp(65507 / stride, 1, MaxBatch);
        for (int first = 0; first < plan.Count; first += perChunk)
        {
            int count = Math.Min(perChunk, plan.Count - first);
            int bytes = 0;
            for (int i = 0; i < count; i++)
            {
                bytes += LayDatagram(plan, first + i, grant, bytes, out _slots[i]);
            }

            grant.Keypair.Seal(_buffer.AsSpan(0, bytes), _slots.AsSpan(0, count));
            _context.Sockets.Send(peer, grant.Endpoint, _buffer.AsSpan(0, bytes), stride, trafficClass);
        }

        grant.Keypair.Release();
    }

    /// <summary>Writes header, packet and padding of one datagram to its final place.</summary>
    /// <returns>The datagram's length.</returns>
    private int LayDatagram(SegmentPlan plan, int index, in SendGrant grant, int offset, out PacketSlot slot)
    {
        ulong counter = grant.FirstCounter + (ulong)index;
        Span<byte> datagram = _buffer.AsSpan(offset);
        TransportView.WriteHeader(datagram, grant.Keypair.Remote, counter);
        int length = plan.Write(index, datagram[TransportView.HeaderLength..]);
        int padded = _context.Tunnel.PaddedLength(length);
        datagram.Slice(TransportView.HeaderLength + length, padded - length).Clear();
        slot = new PacketSlot { Offset = offset + TransportView.HeaderLength, Length = padded, Counter = counter };
        return padded + Tunnel.DataOverhead;
    }

    private void SendStaged(SegmentPlan plan, Instant now)
    {
        for (int i = 0; i < plan.Count; i++)
        {
            int length = plan.Write(i, _buffer);
            _context.Tunnel.SendPacket(now, _buffer.AsSpan(0, length), ref _outbox);
        }
    }
}
