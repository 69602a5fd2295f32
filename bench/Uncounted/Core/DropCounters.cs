namespace Chasqui.Core;

/// <summary>Counts nothing: see Peer.Counters.cs.</summary>
public sealed class DropCounters
{
    /// <summary>0.</summary>
    public long this[DropReason reason] => 0;

    internal Dictionary<DropReason, long> ToDictionary() => [];

    internal void Add(DropReason reason) => _ = reason;

    internal void Add(DropReason reason, int packets) => _ = (reason, packets);
}
