using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Linux;
using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>One thread that reads one UDP socket: data messages are opened and written to the interface, handshakes handed on.</summary>
/// <remarks>
/// Runs to completion: what one receive gave is opened, joined and written before the next. It sleeps in poll(2) when the
/// socket is empty, and wakes for nothing else but <see cref="Dispose"/>. While there is always more than it can open, workers open with
/// it, and packets are delivered in the order in which they came.
/// </remarks>
internal sealed class InboundLoop : IDisposable
{
    // A shortage of memory passes; until then the socket stays readable, and asking again at once would be a busy loop.
    private const int PauseMilliseconds = 10;

    private readonly DeviceContext _context;
    private readonly UdpSocket _socket;
    private readonly TunDevice _queue;
    private readonly BatchCounter _received;
    private readonly OrderedPipeline<InboundBatch> _pipeline;
    private readonly PacketJoiner _joiner;
    private readonly TunWriter _writer;
    private readonly LoopThread _thread;
    private SendingOutbox _outbox;
    private TunSink _sink;
    private InboundBatch _batch;

    private InboundLoop(DeviceContext context, UdpSocket socket, string name, int lane, BatchCounter received)
    {
        _received = received;
        _context = context;
        _socket = socket;
        _queue = context.Tun.Queues[lane];
        _outbox = new SendingOutbox(context.Sockets);
        _writer = new TunWriter(_queue.Write, NoteSteppedDown);
        _sink = new TunSink(_writer);
        _joiner = new PacketJoiner();
        _pipeline = OrderedPipeline<InboundBatch>.Make(() => new InboundBatch(), Open, Commit, context.Workers);
        _batch = _pipeline.Next();
        _thread = new LoopThread(context, name, Run);
    }

    /// <summary>
    /// Starts reading <paramref name="socket"/>; what comes is counted in <paramref name="received"/> and written to the lane's queue of the interface.
    /// </summary>
    /// <exception cref="LinuxException">EMFILE, or EAGAIN at the limit of threads; nothing runs then.</exception>
    internal static InboundLoop Start(DeviceContext context, UdpSocket socket, string name, int lane, BatchCounter received)
    {
        var loop = new InboundLoop(context, socket, name, lane, received);
        try
        {
            loop._thread.Start();
            return loop;
        }
        catch
        {
            loop.Dispose();
            throw;
        }
    }

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
        poller.Add(_socket.Descriptor, PollEvents.Read);
        poller.Add(_thread.StopDescriptor, PollEvents.Read);
        while (!_thread.IsStopping)
        {
            int received = _batch.Receive(_socket);
            if (received > 0)
            {
                _pipeline.More();
                ProcessBatch();
            }
            else if (received == 0)
            {
                _pipeline.Rest();
                poller.Wait(Poller.Forever);
            }
            else if (received is -Errno.EBADF or -Errno.ENOTSOCK)
            {
                throw new LinuxException("recvmmsg", -received);
            }
            else
            {
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }

    private void ProcessBatch()
    {
        // More than a kernel of today gives: the part that was collected goes first, behind what is under way.
        while (!_batch.Collect(_context))
        {
            _pipeline.Drain();
            Process(_batch);
        }

        _received.Add(_batch.Datagrams, _batch.Bytes);
        if (_pipeline.IsAlone)
        {
            Process(_batch);
        }
        else
        {
            _pipeline.Submit();
            _batch = _pipeline.Next();
        }
    }

    /// <summary>Opens and delivers run by run: nothing waits for what came behind it.</summary>
    private void Process(InboundBatch batch)
    {
        PrepareToDeliver();
        for (int i = 0; i < batch.Runs; i++)
        {
            batch.Open(i);
            Deliver(batch, i);
        }

        EndDelivery();
    }

    private static void Open(InboundBatch batch)
    {
        for (int i = 0; i < batch.Runs; i++)
        {
            batch.Open(i);
        }
    }

    private void Commit(InboundBatch batch)
    {
        PrepareToDeliver();
        for (int i = 0; i < batch.Runs; i++)
        {
            Deliver(batch, i);
        }

        EndDelivery();
    }

    private void PrepareToDeliver()
    {
        _joiner.JoinsTcp = _writer.TakesTcp && _context.Tun.HasVirtioNetHeader;
        _joiner.JoinsUdp = _writer.TakesUdp && (_context.Tun.Offloads & TunOffloads.Uso4) != 0;
    }

    private void Deliver(InboundBatch batch, int run)
    {
        foreach (ref readonly PacketSlot packet in batch.Commit(run, _context.Tunnel, ref _outbox))
        {
            if (packet.Length > 0)
            {
                // The transport header in front of the packet is the room that the virtio-net header needs.
                _joiner.Add(batch.Buffer.Slice(packet.Offset - VirtioNetHeader.Length, VirtioNetHeader.Length + packet.Length), ref _sink);
            }
        }
    }

    private void NoteSteppedDown(long offload) => _context.Tunnel.Journal.Add(
        new TunnelEvent { Kind = TunnelEventKind.OffloadSteppedDown, At = Clock.Now(), Number = offload });

    private void EndDelivery()
    {
        _joiner.Flush(ref _sink);
        _context.WakeForDeadline();
    }
}
