namespace Chasqui.Core.Diagnostics;

/// <summary>Keeps nothing: see Peer.Counters.cs.</summary>
public sealed class EventJournal
{
    /// <summary>As of the journal that keeps something.</summary>
    public const int Capacity = 256;

    /// <summary>The same.</summary>
    public const int RecentOfEach = 4;

    /// <summary>Never called.</summary>
    public Action? Listener { get; set; }

    /// <summary>0.</summary>
    public long End => 0;

    /// <summary>Finds nothing.</summary>
    public bool TryRead(ref long next, out TunnelEvent found, out long lost)
    {
        _ = next;
        found = default;
        lost = 0;
        return false;
    }

    /// <summary>0.</summary>
    public long CountOf(TunnelEventKind kind, DropReason reason = DropReason.None) => 0;

    /// <summary>None.</summary>
    public IReadOnlyDictionary<TunnelEventKind, long> Counts() => new Dictionary<TunnelEventKind, long>();

    /// <summary>None.</summary>
    public int CopyRecent(TunnelEventKind kind, DropReason reason, Span<TunnelEvent> destination) => 0;

    /// <summary>None.</summary>
    public IReadOnlyList<TunnelEvent> Recent() => [];

    /// <summary>Does nothing.</summary>
    public void Add(in TunnelEvent added) => _ = added;
}
