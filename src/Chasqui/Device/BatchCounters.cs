namespace Chasqui.Device;

/// <summary>The batches of all threads of a device, which outlive the sockets.</summary>
internal sealed class BatchCounters(int lanes)
{
    private const int Families = 2;

    /// <summary>Reads of the interface, by lane.</summary>
    internal BatchCounter[] Interface { get; } = Make(lanes);

    /// <summary>Batches sent, by lane.</summary>
    internal BatchCounter[] Sent { get; } = Make(lanes);

    /// <summary>Receives, by lane: IPv4's first, then IPv6's.</summary>
    internal BatchCounter[] Received { get; } = Make(Families * lanes);

    private static BatchCounter[] Make(int count)
    {
        var counters = new BatchCounter[count];
        for (int i = 0; i < count; i++)
        {
            counters[i] = new BatchCounter();
        }

        return counters;
    }
}
