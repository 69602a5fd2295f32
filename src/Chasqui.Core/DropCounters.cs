namespace Chasqui.Core;

/// <summary>How many packets went no further, by reason.</summary>
/// <remarks>Threads: any thread may count and read. A drop is rare beside a delivery, so the counters are shared.</remarks>
public sealed class DropCounters
{
    private readonly long[] _counts = new long[(int)DropReason.InterfaceDown + 1];

    /// <summary>Packets dropped for <paramref name="reason"/>.</summary>
    public long this[DropReason reason] => Volatile.Read(ref _counts[(int)reason]);

    /// <summary>The counters that are not 0.</summary>
    internal Dictionary<DropReason, long> ToDictionary()
    {
        var counts = new Dictionary<DropReason, long>();
        for (int i = 0; i < _counts.Length; i++)
        {
            if (Volatile.Read(ref _counts[i]) is > 0 and long count)
            {
                counts[(DropReason)i] = count;
            }
        }

        return counts;
    }

    /// <summary>Counts one packet.</summary>
    internal void Add(DropReason reason) => Interlocked.Increment(ref _counts[(int)reason]);

    /// <summary>Counts several packets.</summary>
    internal void Add(DropReason reason, int packets) => Interlocked.Add(ref _counts[(int)reason], packets);
}
