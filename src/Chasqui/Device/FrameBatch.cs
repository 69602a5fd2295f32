using Chasqui.Core;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>What one drain of the interface gave: frames end to end in one slab, and whom each is for.</summary>
/// <remarks>
/// Threads: one. Ownership: the slab is reused by the next drain. Memory: 192 KiB, of which small packets touch the first few.
/// </remarks>
internal sealed class FrameBatch
{
    /// <summary>The most frames: as many packets as one sendmsg(2) takes.</summary>
    internal const int MaxFrames = DatagramBatch.MaxDatagrams;

    // Two super-packets are a batch worth leaving; behind what was read there is always room for the longest frame.
    private const int EnoughBytes = 2 * 65536;

    private readonly byte[] _slab = GC.AllocateUninitializedArray<byte>(EnoughBytes + TunDevice.MaxFrameLength, pinned: true);
    private readonly int[] _ends = new int[MaxFrames];
    private readonly Peer?[] _peers = new Peer?[MaxFrames];

    /// <summary>How many frames there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Whether no more should be read before these have left.</summary>
    internal bool IsFull => Count == MaxFrames || End >= EnoughBytes;

    /// <summary>How long they are together.</summary>
    internal int Bytes => End;

    private int End => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>Reads the next frame behind the others.</summary>
    /// <returns>Its length; 0 if there is none now; an error number, negative. As <see cref="TunDevice.Read"/>.</returns>
    internal int Read(TunDevice tun)
    {
        int start = End, length = tun.Read(_slab.AsSpan(start));
        if (length > 0)
        {
            _ends[Count++] = start + length;
        }

        return length;
    }

    /// <summary>Frame <paramref name="index"/>, virtio-net header first.</summary>
    internal ReadOnlySpan<byte> this[int index] => _slab.AsSpan(StartOf(index).._ends[index]);

    /// <summary>Whom frame <paramref name="index"/> is for; null when it has been dealt with, or is for nobody.</summary>
    internal ref Peer? PeerOf(int index) => ref _peers[index];

    /// <summary>Forgets the frames and whom they were for.</summary>
    internal void Clear()
    {
        _peers.AsSpan(0, Count).Clear();
        Count = 0;
    }

    private int StartOf(int index) => index == 0 ? 0 : _ends[index - 1];
}
