using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>One thread that reads one UDP socket: data messages are opened and written to the interface, handshakes handed on.</summary>
/// <remarks>
/// Runs to completion: what one receive gave is opened, joined and written before the next. It sleeps in poll(2) when the
/// socket is empty, and wakes for nothing else but <see cref="Dispose"/>.
/// </remarks>
internal sealed class InboundLoop : IDisposable
{
    private const int MaxRun = 128;

    // A shortage of memory passes; until then the socket stays readable, and asking again at once would be a busy loop.
    private const int PauseMilliseconds = 10;

    private readonly DeviceContext _context;
    private readonly UdpSocket _socket;
    private readonly TunDevice _queue;
    private readonly ReceiveBatch _batch = new();
    private readonly PacketSlot[] _slots = new PacketSlot[MaxRun];
    private readonly PacketJoiner _joiner;
    private readonly TunWriter _writer;
    private readonly LoopThread _thread;
    private SendingOutbox _outbox;
    private TunSink _sink;
    private int _runLength;
    private SessionIndex _runReceiver;

    private InboundLoop(DeviceContext context, UdpSocket socket, string name, int lane)
    {
        _context = context;
        _socket = socket;
        _queue = context.Tun.Queues[lane];
        _outbox = new SendingOutbox(context.Sockets);
        _writer = new TunWriter(_queue.Write);
        _sink = new TunSink(_writer);
        _joiner = new PacketJoiner();
        _thread = new LoopThread(context, name, Run);
    }

    /// <summary>Starts reading <paramref name="socket"/>; what comes is written to the lane's queue of the interface.</summary>
    /// <exception cref="LinuxException">EMFILE, or EAGAIN at the limit of threads; nothing runs then.</exception>
    internal static InboundLoop Start(DeviceContext context, UdpSocket socket, string name, int lane)
    {
        var loop = new InboundLoop(context, socket, name, lane);
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
        using var poller = new Poller(2);
        poller.Add(_socket.Descriptor, PollEvents.Read);
        poller.Add(_thread.StopDescriptor, PollEvents.Read);
        while (!_thread.IsStopping)
        {
            int received = _batch.Receive(_socket);
            if (received > 0)
            {
                ProcessBatch();
            }
            else if (received == 0)
            {
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
        Moment now = Clock.Read();
        _joiner.JoinsTcp = _writer.TakesTcp && _context.Tun.HasVirtioNetHeader;
        _joiner.JoinsUdp = _writer.TakesUdp && (_context.Tun.Offloads & TunOffloads.Uso4) != 0;
        foreach (ref readonly ReceivedMessage message in _batch.Messages)
        {
            ProcessMessage(now, message);
        }

        _joiner.Flush(ref _sink);
        _context.WakeForDeadline();
    }

    /// <summary>Collects runs of data messages of one session; each run is opened as one batch.</summary>
    private void ProcessMessage(in Moment now, in ReceivedMessage message)
    {
        Endpoint from = UdpMapping.ToEndpoint(message);
        int end = 0;
        while (message.Next(ref end, out int offset, out int length))
        {
            Span<byte> datagram = _batch.Buffer.Slice(offset, length);
            switch (Datagram.Classify(datagram))
            {
                case MessageType.Transport:
                    AddToRun(now, from, message.TrafficClass, offset, datagram);
                    break;
                case MessageType.Initiation or MessageType.Response or MessageType.CookieReply:
                    if (!_context.Handshakes.TryEnqueue(datagram, from))
                    {
                        _context.Tunnel.CountDrop(DropReason.HandshakeQueueFull);
                    }

                    break;
                default:
                    _context.Tunnel.CountDrop(DropReason.Malformed);
                    break;
            }
        }

        FlushRun(now, from, message.TrafficClass);
    }

    private void AddToRun(in Moment now, in Endpoint from, byte trafficClass, int offset, Span<byte> datagram)
    {
        _ = TransportView.TryRead(datagram, out TransportView view);
        if (_runLength == MaxRun || (_runLength > 0 && view.Receiver != _runReceiver))
        {
            FlushRun(now, from, trafficClass);
        }

        _runReceiver = view.Receiver;
        _slots[_runLength++] = new PacketSlot
        {
            Offset = offset + TransportView.HeaderLength,
            Length = datagram.Length - Tunnel.DataOverhead,
            Counter = view.Counter,
        };
    }

    private void FlushRun(in Moment now, in Endpoint from, byte trafficClass)
    {
        if (_runLength == 0)
        {
            return;
        }

        Span<PacketSlot> packets = _slots.AsSpan(0, _runLength);
        _runLength = 0;
        if (_context.Tunnel.TryBeginReceive(_runReceiver, now.Now, packets.Length, out ReceiveGrant grant) != DropReason.None)
        {
            return;
        }

        grant.Keypair.Open(_batch.Buffer, packets);
        _context.Tunnel.CommitReceive(grant, now, from, trafficClass, _batch.Buffer, packets, ref _outbox);
        grant.Keypair.Release();
        foreach (ref readonly PacketSlot packet in packets)
        {
            if (packet.Length > 0)
            {
                // The transport header in front of the packet is the room that the virtio-net header needs.
                Span<byte> frame = _batch.Buffer.Slice(packet.Offset - VirtioNetHeader.Length, VirtioNetHeader.Length + packet.Length);
                _joiner.Add(frame, ref _sink);
            }
        }
    }
}
