using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>Data messages to one peer, end to end in one buffer: laid, numbered, sealed in place and sent in as few calls as possible.</summary>
/// <remarks>
/// Calling protocol: <see cref="Add"/> while there <see cref="HasRoom"/>; then <see cref="Number"/>, <see cref="Seal"/> and
/// <see cref="Send"/>, or <see cref="PacketAt"/> for those who may not send yet; then <see cref="Clear"/>.
/// Threads: one at a time; <see cref="Seal"/> is pure and may be anybody's. Ownership: copies what it takes.
/// </remarks>
internal sealed class DatagramBatch
{
    /// <summary>The most datagrams: what one sendmsg(2) takes (UDP_MAX_SEGMENTS).</summary>
    internal const int MaxDatagrams = 64;

    // Room for the longest packet, and for 64 of the common sizes.
    private const int BufferLength = 65536 + (MaxDatagrams * (Tunnel.DataOverhead + ProtocolConstants.PaddingMultiple));

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength, pinned: true);
    private readonly PacketSlot[] _slots = new PacketSlot[MaxDatagrams];
    private readonly int[] _unpadded = new int[MaxDatagrams];
    private readonly byte[] _trafficClasses = new byte[MaxDatagrams];
    private SendGrant _grant;
    private Peer? _peer;

    /// <summary>How many datagrams there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Sum of their lengths.</summary>
    internal int Bytes { get; private set; }

    /// <summary>Whether one more of <paramref name="paddedLength"/> bytes of text fits. An empty batch takes any packet.</summary>
    internal bool HasRoom(int paddedLength) => Count < MaxDatagrams && Bytes + paddedLength + Tunnel.DataOverhead <= BufferLength;

    /// <summary>Lays one packet, padded with zeros, where it will be sealed and sent from.</summary>
    internal void Add(in SegmentPlan plan, int index, int paddedLength, byte trafficClass)
    {
        Span<byte> text = _buffer.AsSpan(Bytes + TransportView.HeaderLength, paddedLength);
        int length = plan.Write(index, text);
        text[length..].Clear();
        _slots[Count] = new PacketSlot { Offset = Bytes + TransportView.HeaderLength, Length = paddedLength };
        _unpadded[Count] = length;
        _trafficClasses[Count] = trafficClass;
        Bytes += paddedLength + Tunnel.DataOverhead;
        Count++;
    }

    /// <summary>Packet <paramref name="index"/> as it was added, before anything was sealed.</summary>
    internal ReadOnlySpan<byte> PacketAt(int index) => _buffer.AsSpan(_slots[index].Offset, _unpadded[index]);

    /// <summary>Writes the messages' headers, with consecutive counters.</summary>
    /// <param name="peer">Whom they are for.</param>
    /// <param name="grant">For <see cref="Count"/> packets. Its keypair is released by <see cref="Seal"/>.</param>
    internal void Number(Peer peer, in SendGrant grant)
    {
        _peer = peer;
        _grant = grant;
        ulong counter = grant.FirstCounter;
        foreach (ref PacketSlot slot in _slots.AsSpan(0, Count))
        {
            slot.Counter = counter++;
            TransportView.WriteHeader(_buffer.AsSpan(slot.Offset - TransportView.HeaderLength), grant.Keypair.Remote, slot.Counter);
        }
    }

    /// <summary>Seals all of them in place.</summary>
    internal void Seal()
    {
        _grant.Keypair.Seal(_buffer.AsSpan(0, Bytes), _slots.AsSpan(0, Count));
        _grant.Keypair.Release();
    }

    /// <summary>Sends them in order: one call for each run of one length (the last of a run may be shorter) and one traffic class.</summary>
    internal void Send(DatagramSockets sockets, int lane)
    {
        for (int first = 0; first < Count;)
        {
            int end = EndOfRun(first);
            ReadOnlySpan<byte> run = _buffer.AsSpan(StartOf(first)..EndOf(end - 1));
            sockets.Send(_peer, _grant.Endpoint, run, LengthOf(first), _trafficClasses[first], lane);
            first = end;
        }
    }

    /// <summary>Empties the batch.</summary>
    internal void Clear()
    {
        Count = Bytes = 0;
        _peer = null;
        _grant = default;
    }

    private int EndOfRun(int first)
    {
        int stride = LengthOf(first), end = first + 1;
        while (end < Count && _trafficClasses[end] == _trafficClasses[first] && LengthOf(end) <= stride)
        {
            if (LengthOf(end++) < stride)
            {
                break;
            }
        }

        return end;
    }

    private int StartOf(int index) => _slots[index].Offset - TransportView.HeaderLength;

    private int EndOf(int index) => _slots[index].Offset + _slots[index].Length + ProtocolConstants.TagLength;

    private int LengthOf(int index) => _slots[index].Length + Tunnel.DataOverhead;
}
