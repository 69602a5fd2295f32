namespace Chasqui.Device;

/// <summary>Counts nothing: see Peer.Counters.cs.</summary>
internal sealed class BatchCounter
{
    internal long Batches => 0;

    internal long Items => 0;

    internal long Bytes => 0;

    internal void Add(int items, int bytes) => _ = (items, bytes);
}
