namespace Chasqui.Core.Routing;

/// <summary>A place of the hash table: 16 bytes for IPv4, 32 for IPv6.</summary>
internal struct PrefixSlot<T, TKey>
    where T : class
    where TKey : struct, IPrefixKey<TKey>
{
    /// <summary>The prefix's owner; null in a free slot and in one whose prefix was removed.</summary>
    internal T? Owner;

    /// <summary>INVARIANT: written once, before <see cref="Tag"/>; a removed prefix keeps its slot until the table is rebuilt.</summary>
    internal TKey Key;

    /// <summary>The prefix length plus one; zero in a free slot, where a search ends.</summary>
    internal int Tag;
}
