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

    // A packet that the kernel cannot hand over is gone; should it go on like that, it must not be a busy loop.
    private const int PauseMilliseconds = 1;

    private readonly DeviceContext _context;
    private readonly ControlLoop _control;
    private readonly byte[] _frame = GC.AllocateUninitializedArray<byte>(FrameLength, pinned: true);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);
    private readonly PacketSlot[] _slots = new PacketSlot[MaxBatch];
    private readonly IcmpReplies _icmp;
    private readonly LoopThread _thread;
    private SendingOutbox _outbox;

    internal OutboundLoop(DeviceContext context, ControlLoop control)
    {
        _context = context;
        _control = control;
        _outbox = new SendingOutbox(context.Sockets);
        _icmp = new IcmpReplies(context.Tun.Write);
        _thread = new LoopThread(context, "tun", Run);
    }

    /// <summary>Starts reading the interface.</summary>
    internal void Start() => _thread.Start();

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose() => _thread.Dispose();

    private void Run()
    {
        using var poller = new Poller(2);
        poller.Add(_context.Tun.Descriptor, PollEvents.Read);
        poller.Add(_thread.StopDescriptor, PollEvents.Read);
        while (!_thread.IsStopping)
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
            else if (TunDevice.MeansDeleted(-length))
            {
                _context.InterfaceIsGone();
                return;
            }
            else
            {
                _context.Tunnel.CountDrop(DropReason.InvalidInnerPacket);
                Thread.Sleep(PauseMilliseconds);
            }
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

        if (!tunnel.IsUp)
        {
            // The first packet after "ip link set up" overtakes the news of it.
            _control.FollowLink();
        }

        Instant now = Clock.Now();
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
            SendSealed(plan, peer!, grant, stride, lastLength);
        }
        else
        {
            SendStaged(plan, now);
        }
    }

    /// <summary>Seals in chunks of what one sendmsg(2) takes. All datagrams but the last are of one length, so they lie end to end.</summary>
    private void SendSealed(SegmentPlan plan, Peer peer, in SendGrant grant, int stride, int lastLength)
    {
        byte trafficClass = IpPacket.EncapsulatedTrafficClass(IpPacket.TrafficClass(plan.Packet));
        int perChunk = Math.Clamp(65507 / stride, 1, MaxBatch);
        for (int first = 0; first < plan.Count; first += perChunk)
        {
            int count = Math.Min(perChunk, plan.Count - first);
            int bytes = 0;
            for (int i = 0; i < count; i++)
            {
                // The lengths were settled once: the MTU may change meanwhile.
                int length = first + i == plan.Count - 1 ? lastLength : stride;
                _slots[i] = LayDatagram(plan, first + i, grant, bytes, length);
                bytes += length;
            }

            grant.Keypair.Seal(_buffer.AsSpan(0, bytes), _slots.AsSpan(0, count));
            _context.Sockets.Send(peer, grant.Endpoint, _buffer.AsSpan(0, bytes), stride, trafficClass);
        }

        grant.Keypair.Release();
    }

    /// <summary>Writes header, packet and padding of one datagram to its final place.</summary>
    private PacketSlot LayDatagram(SegmentPlan plan, int index, in SendGrant grant, int offset, int datagramLength)
    {
        ulong counter = grant.FirstCounter + (ulong)index;
        Span<byte> datagram = _buffer.AsSpan(offset, datagramLength);
        TransportView.WriteHeader(datagram, grant.Keypair.Remote, counter);
        int length = plan.Write(index, datagram[TransportView.HeaderLength..]);
        int padded = datagramLength - Tunnel.DataOverhead;
        datagram.Slice(TransportView.HeaderLength + length, padded - length).Clear();
        return new PacketSlot { Offset = offset + TransportView.HeaderLength, Length = padded, Counter = counter };
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
