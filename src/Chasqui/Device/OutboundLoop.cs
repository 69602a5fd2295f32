using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>The thread that reads one queue of the interface: packets are cut, sealed into one buffer and sent in as few calls as possible.</summary>
/// <remarks>
/// Runs to completion: what one drain gave, up to 64 packets or some 128 KiB, has left before the next. A drain takes what is there and
/// waits for nothing, so that batches grow with the load only. The thread sleeps in poll(2) when the interface has nothing, and wakes
/// for nothing else but <see cref="Dispose"/>. While there is always more than it can send, workers seal and send with it.
/// </remarks>
internal sealed class OutboundLoop : IDisposable
{
    // A packet that the kernel cannot hand over is gone; should it go on like that, it must not be a busy loop.
    private const int PauseMilliseconds = 1;

    private readonly DeviceContext _context;
    private readonly ControlLoop _control;
    private readonly TunDevice _queue;
    private readonly int _lane;
    private readonly BatchCounter _read;
    private readonly BatchCounter _sent;
    private readonly FrameBatch _frames = new();
    private readonly OrderedPipeline<DatagramBatch> _pipeline;
    private readonly IcmpReplies _icmp;
    private readonly LoopThread _thread;
    private SendingOutbox _outbox;
    private DatagramBatch _datagrams;

    internal OutboundLoop(DeviceContext context, ControlLoop control, int lane)
    {
        _lane = lane;
        _queue = context.Tun.Queues[lane];
        _read = context.Batches.Interface[lane];
        _sent = context.Batches.Sent[lane];
        _context = context;
        _control = control;
        _outbox = new SendingOutbox(context.Sockets);
        _icmp = new IcmpReplies(_queue.Write);
        _pipeline = OrderedPipeline<DatagramBatch>.Make(() => new DatagramBatch(), batch => batch.Seal(), Send, context.Workers);
        _datagrams = _pipeline.Next();
        _thread = new LoopThread(context, lane == 0 ? "tun" : $"tun-{lane}", Run);
    }

    /// <summary>Starts reading the interface.</summary>
    internal void Start() => _thread.Start();

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose() => _thread.Dispose();

    private void Run()
    {
        ReadUntilStopped();
        _pipeline.Drain();
    }

    private void ReadUntilStopped()
    {
        using var poller = new Poller(2);
        poller.Add(_queue.Descriptor, PollEvents.Read);
        poller.Add(_thread.StopDescriptor, PollEvents.Read);
        while (!_thread.IsStopping)
        {
            int error = Drain();
            if (_frames.Count > 0)
            {
                _pipeline.More();
                _read.Add(_frames.Count, _frames.Bytes);
                ProcessFrames(Clock.Now());
                _context.WakeForDeadline();
            }
            else if (error == 0)
            {
                _pipeline.Rest();
                poller.Wait(Poller.Forever);
            }

            if (error != 0)
            {
                if (TunDevice.MeansDeleted(error))
                {
                    _context.InterfaceIsGone();
                    return;
                }

                CountInvalid(Clock.Now());
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }

    /// <summary>Reads until the interface has nothing more, or there is enough.</summary>
    /// <returns>0, or the error number that ended it, positive.</returns>
    private int Drain()
    {
        int length;
        do
        {
            length = _frames.Read(_queue);
        }
        while (length > 0 && !_frames.IsFull);

        return length < 0 ? -length : 0;
    }

    private void ProcessFrames(Instant now)
    {
        if (!_context.Tunnel.IsUp)
        {
            // The first packet after "ip link set up" overtakes the news of it.
            _control.FollowLink();
        }

        for (int i = 0; i < _frames.Count; i++)
        {
            _frames.PeerOf(i) = Route(now, _frames[i]);
        }

        for (int i = 0; i < _frames.Count; i++)
        {
            if (_frames.PeerOf(i) is { } peer)
            {
                SendTo(peer, now, i);
            }
        }

        _frames.Clear();
    }

    private Peer? Route(Instant now, ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> packet = frame[Math.Min(VirtioNetHeader.Length, frame.Length)..];
        DropReason reason = _context.Tunnel.Route(now, packet, out Peer? peer);
        if (reason is DropReason.NoPeerForDestination or DropReason.NoEndpoint)
        {
            _icmp.AnswerUnreachable(now, packet);
        }

        return reason == DropReason.None ? peer : null;
    }

    /// <summary>Sends all that the drain gave for one peer, in order. Peers pass each other, as they may.</summary>
    private void SendTo(Peer peer, Instant now, int first)
    {
        for (int i = first; i < _frames.Count; i++)
        {
            ref Peer? owner = ref _frames.PeerOf(i);
            if (owner != peer)
            {
                continue;
            }

            owner = null;
            if (SuperPacket.TryPlan(_frames[i], out SegmentPlan plan))
            {
                AddPackets(peer, now, plan);
            }
            else
            {
                CountInvalid(now);
            }
        }

        SendBatch(peer, now);
    }

    private void CountInvalid(Instant now) => _context.Tunnel.CountDrop(TunnelEvent.Drop(DropReason.InvalidInnerPacket, now));

    private void AddPackets(Peer peer, Instant now, in SegmentPlan plan)
    {
        byte trafficClass = IpPacket.EncapsulatedTrafficClass(IpPacket.TrafficClass(plan.Packet));
        for (int i = 0; i < plan.Count; i++)
        {
            int padded = _context.Tunnel.PaddedLength(plan.LengthOf(i));
            if (!_datagrams.HasRoom(padded))
            {
                SendBatch(peer, now);
            }

            _datagrams.Add(plan, i, padded, trafficClass);
        }
    }

    private void SendBatch(Peer peer, Instant now)
    {
        if (_datagrams.Count == 0)
        {
            return;
        }

        if (_context.Tunnel.TryBeginSend(peer, now, _datagrams.Count, _datagrams.Bytes, out SendGrant grant))
        {
            _datagrams.Number(peer, grant);
            _pipeline.Submit();
            _datagrams = _pipeline.Next();
            return;
        }

        for (int i = 0; i < _datagrams.Count; i++)
        {
            _context.Tunnel.SendPacket(now, _datagrams.PacketAt(i), ref _outbox);
        }

        _datagrams.Clear();
    }

    private void Send(DatagramBatch batch)
    {
        batch.Send(_context.Sockets, _lane);
        _sent.Add(batch.Count, batch.Bytes);
        batch.Clear();
    }
}
