using System.Runtime.CompilerServices;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>What one receive gave: messages, and the runs of data messages of one session in them, on their way through the three phases.</summary>
/// <remarks>
/// Calling protocol: <see cref="Receive"/>; then <see cref="Collect"/>, <see cref="Open"/> for every run and <see cref="Commit"/> for every run
/// in order, as often as <see cref="Collect"/> says that it did not come to the end.
/// Threads: one at a time; <see cref="Open"/> is pure and may be anybody's. Ownership: the packets lie in <see cref="Buffer"/>.
/// </remarks>
internal sealed class InboundBatch
{
    // A run is opened as one batch; a message of a kernel of today has at most 128 datagrams.
    private const int MaxRun = 128;
    private const int MaxPackets = 1024;

    private readonly ReceiveBatch _messages = new();
    private readonly PacketSlot[] _slots = new PacketSlot[MaxPackets];
    private readonly Run[] _runs = new Run[MaxPackets];
    private int _packets;
    private int _message;
    private int _end;

    /// <summary>How many datagrams the last receive gave, of any kind, as far as they were collected.</summary>
    internal int Datagrams { get; private set; }

    /// <summary>How long these were together.</summary>
    internal int Bytes { get; private set; }

    /// <summary>How many runs were collected.</summary>
    internal int Runs { get; private set; }

    /// <summary>When they were received.</summary>
    internal Moment Now { get; private set; }

    /// <summary>The bytes of all messages.</summary>
    internal Span<byte> Buffer => _messages.Buffer;

    /// <summary>Receives what there is, without waiting. As <see cref="ReceiveBatch.Receive"/>.</summary>
    internal int Receive(UdpSocket socket)
    {
        int received = _messages.Receive(socket);
        Now = received > 0 ? Clock.Read() : default;
        _message = _end = Datagrams = Bytes = 0;
        return received;
    }

    /// <summary>Decide: sorts datagrams out, hands handshakes on, and finds the sessions of the data messages.</summary>
    /// <returns>Whether all messages were gone through; if not, there is more when these runs have been committed.</returns>
    internal bool Collect(DeviceContext context)
    {
        Runs = _packets = 0;
        for (; _message < _messages.Messages.Length; _message++, _end = 0)
        {
            ref readonly ReceivedMessage message = ref _messages.Messages[_message];
            int firstRun = Runs;
            while (_packets < MaxPackets && message.Next(ref _end, out int offset, out int length))
            {
                Sort(context, message, firstRun, offset, length);
            }

            if (_packets == MaxPackets)
            {
                break; // what it has left, if anything, comes with the next call
            }
        }

        foreach (ref Run run in _runs.AsSpan(0, Runs))
        {
            Endpoint from = UdpMapping.ToEndpoint(_messages.Messages[run.Message]);
            run.IsGranted = context.Tunnel.TryBeginReceive(run.Receiver, Now.Now, from, run.Count, out run.Grant) == DropReason.None;
        }

        return _packets < MaxPackets;
    }

    /// <summary>Transform: opens a run in place.</summary>
    internal void Open(int index)
    {
        ref readonly Run run = ref _runs[index];
        if (run.IsGranted)
        {
            run.Grant.Keypair.Open(_messages.Buffer, SlotsOf(run));
        }
    }

    /// <summary>Commit: takes a run that was opened.</summary>
    /// <returns>The packets; those with a length are to be delivered.</returns>
    internal Span<PacketSlot> Commit<TOutbox>(int index, Tunnel tunnel, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        ref Run run = ref _runs[index];
        if (!run.IsGranted)
        {
            return [];
        }

        ref readonly ReceivedMessage message = ref _messages.Messages[run.Message];
        Span<PacketSlot> packets = SlotsOf(run);
        tunnel.CommitReceive(
            run.Grant, Now, UdpMapping.ToEndpoint(message), message.TrafficClass, _messages.Buffer, packets, ref outbox);
        run.Grant.Keypair.Release();
        run.Grant = default; // a batch that waits for its next use keeps no peer alive
        return packets;
    }

    private void Sort(DeviceContext context, in ReceivedMessage message, int firstRun, int offset, int length)
    {
        Span<byte> datagram = _messages.Buffer.Slice(offset, length);
        Datagrams++;
        Bytes += length;
        switch (Datagram.Classify(datagram))
        {
            case MessageType.Transport:
                AddToRun(firstRun, offset, datagram);
                break;
            case MessageType.Initiation or MessageType.Response or MessageType.CookieReply:
                Queue(context, message, datagram);
                break;
            default:
                CountDrop(context, DropReason.Malformed, message);
                break;
        }
    }

    private void Queue(DeviceContext context, in ReceivedMessage message, Span<byte> datagram)
    {
        DropReason reason = context.Tunnel.Screen(datagram);
        if (reason == DropReason.None && !context.Handshakes.TryEnqueue(datagram, UdpMapping.ToEndpoint(message)))
        {
            reason = DropReason.HandshakeQueueFull;
        }

        if (reason != DropReason.None)
        {
            CountDrop(context, reason, message);
        }
    }

    private void CountDrop(DeviceContext context, DropReason reason, in ReceivedMessage message) =>
        context.Tunnel.CountDrop(TunnelEvent.Drop(reason, Now.Now, UdpMapping.ToEndpoint(message).Remote));

    /// <summary>Runs do not reach from one message into the next, which may have another sender.</summary>
    private void AddToRun(int firstRun, int offset, Span<byte> datagram)
    {
        _ = TransportView.TryRead(datagram, out TransportView view);
        ref Run last = ref _runs[Math.Max(0, Runs - 1)];
        if (Runs == firstRun || last.Receiver != view.Receiver || last.Count == MaxRun)
        {
            last = ref _runs[Runs++];
            last.Receiver = view.Receiver;
            last.Message = _message;
            last.First = _packets;
            last.Count = 0;
        }

        last.Count++;
        _slots[_packets++] = new PacketSlot
        {
            Offset = offset + TransportView.HeaderLength,
            Length = datagram.Length - Tunnel.DataOverhead,
            Counter = view.Counter,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<PacketSlot> SlotsOf(in Run run) => _slots.AsSpan(run.First, run.Count);

    /// <summary>Data messages of one session that follow each other in one message.</summary>
    private struct Run
    {
        internal SessionIndex Receiver;
        internal int Message;
        internal int First;
        internal int Count;
        internal ReceiveGrant Grant;
        internal bool IsGranted;
    }
}
