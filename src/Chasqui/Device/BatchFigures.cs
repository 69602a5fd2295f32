namespace Chasqui.Device;

/// <summary>Batches of one kind at one moment.</summary>
/// <param name="Batches">How many there were.</param>
/// <param name="Items">How many frames or datagrams were in them all.</param>
/// <param name="Bytes">How long these were together.</param>
internal readonly record struct BatchFigures(long Batches, long Items, long Bytes)
{
    /// <summary>The sum over the counters of all lanes.</summary>
    internal static BatchFigures Sum(ReadOnlySpan<BatchCounter> counters)
    {
        long batches = 0, items = 0, bytes = 0;
        foreach (BatchCounter counter in counters)
        {
            batches += counter.Batches;
            items += counter.Items;
            bytes += counter.Bytes;
        }

        return new BatchFigures(batches, items, bytes);
    }
}
