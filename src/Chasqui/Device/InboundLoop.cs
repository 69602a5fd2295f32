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

    private readonly DeviceContext _context;
    private readonly UdpSocket _socket;
    private readonly EventFd _stop = new();
    private readonly ReceiveBatch _batch = new();
    private readonly PacketSlot[] _slots = new PacketSlot[MaxRun];
    private readonly PacketJoiner _joiner;
    private readonly Thread _thread;
    private SendingOutbox _outbox;
    private volatile bool _isStopping;
    private TunSink _sink;
    private int _runLength;
    private SessionIndex _runReceiver;

    /// <summary>Starts reading <paramref name="socket"/>.</summary>
    internal InboundLoop(DeviceContext context, UdpSocket socket, string name)
    {
        _context = context;
        _socket = socket;
        _outbox = new SendingOutbox(context.Sockets);
        _sink = new TunSink(context.Tun);
        _joiner = new PacketJoiner
        {
            JoinsTcp = context.Tun.HasVirtioNetHeader,
            JoinsUdp = context.Tun.Offloads.HasFlag(TunOffloads.Uso4),
        };
        _thread = new Thread(Run) { IsBackground = true, Name = name };
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
        poller.Add(_socket.Descriptor, PollEvents.Read);
        poller.Add(_stop.Descriptor, PollEvents.Read);
        try
        {
            while (!_isStopping)
            {
                if (_batch.Receive(_socket) > 0)
                {
                    ProcessBatch();
                }
                else
                {
                    poller.Wait(Poller.Forever);
                }
            }
        }
        catch (Exception exception)
        {
            _context.Fail(exception);
        }
    }

    private void ProcessBatch()
    {
        Moment now = Clock.Read();
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
