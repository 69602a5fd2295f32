namespace Chasqui.Device;

/// <summary>How many batches there were and what was in them all: written by one thread at a time, read by any.</summary>
/// <remarks>Three additions a batch. The numbers lie alone on their cache lines, so that threads do not meet there.</remarks>
internal sealed class BatchCounter
{
    private const int Apart = 16; // two cache lines: the prefetcher takes them in pairs

    private readonly long[] _counts = new long[Apart + 3 + Apart];

    /// <summary>How many batches.</summary>
    internal long Batches => Volatile.Read(ref _counts[Apart]);

    /// <summary>How many items were in them.</summary>
    internal long Items => Volatile.Read(ref _counts[Apart + 1]);

    /// <summary>How long they were together.</summary>
    internal long Bytes => Volatile.Read(ref _counts[Apart + 2]);

    /// <summary>Counts one batch.</summary>
    internal void Add(int items, int bytes)
    {
        Volatile.Write(ref _counts[Apart], _counts[Apart] + 1);
        Volatile.Write(ref _counts[Apart + 1], _counts[Apart + 1] + items);
        Volatile.Write(ref _counts[Apart + 2], _counts[Apart + 2] + bytes);
    }
}
