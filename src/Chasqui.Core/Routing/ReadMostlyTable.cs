namespace Chasqui.Core.Routing;

/// <summary>How a <see cref="ReadMostlyTable{TKey, TValue, TRule}"/> hashes and compares its keys.</summary>
internal interface IKeyRule<TKey>
{
    /// <summary>A hash whose low bits are spread evenly, whoever chose the key.</summary>
    int Hash(in TKey key);

    /// <summary>Whether two keys are equal.</summary>
    bool AreEqual(in TKey left, in TKey right);
}

/// <summary>A chained hash table that many threads read without a lock while one writes.</summary>
/// <remarks>
/// Threads: <see cref="TryGet"/> from any thread at any time; everything else is serialised by the caller. Entries are
/// immutable but for their value and their link; a removed entry keeps its link, so that a reader standing on it still
/// finds its way, and the collector frees it when the last reader has left. A table that grows or shrinks is built
/// anew and published whole. A look-up that runs beside a write sees the table before it or after it.
/// Memory is bounded by the number of entries: 2 to 16 buckets an entry (one reference each), never below 16 buckets.
/// </remarks>
internal sealed class ReadMostlyTable<TKey, TValue, TRule>
    where TKey : struct
    where TValue : class
    where TRule : struct, IKeyRule<TKey>
{
    private const int MinimumBuckets = 16;
    private const int BucketsPerEntry = 2;
    private const int ShrinkBelow = 16;

    private readonly TRule _rule;

    // INVARIANT: the length is a power of two. Published with release semantics, read with acquire.
    private Entry?[] _buckets = new Entry?[MinimumBuckets];

    internal ReadMostlyTable(TRule rule) => _rule = rule;

    /// <summary>Entries in the table.</summary>
    internal int Count { get; private set; }

    /// <summary>Length of the bucket array, for tests of the memory bound.</summary>
    internal int BucketCount => _buckets.Length;

    /// <summary>Finds a value.</summary>
    internal bool TryGet(in TKey key, out TValue? value)
    {
        Entry? entry = Find(in key);
        if (entry is null)
        {
            value = null;
            return false;
        }

        // ORDER: acquire, so that whoever finds a replaced value also sees what was written into it before.
        value = Volatile.Read(ref entry.Value);
        return true;
    }

    /// <summary>Whether the key is in the table.</summary>
    internal bool Contains(in TKey key) => Find(in key) is not null;

    /// <summary>Adds an entry; <see langword="false"/> if the key is there already.</summary>
    internal bool TryAdd(in TKey key, TValue value)
    {
        if (Contains(in key))
        {
            return false;
        }

        if ((Count + 1) * BucketsPerEntry > _buckets.Length)
        {
            Rebuild(_buckets.Length * 2);
        }

        ref Entry? bucket = ref BucketOf(_buckets, in key);

        // ORDER: release, so that a reader who sees the entry sees its fields.
        Volatile.Write(ref bucket, new Entry(in key, value, bucket));
        Count++;
        return true;
    }

    /// <summary>Exchanges the value of a key; <see langword="false"/> if there is none.</summary>
    internal bool TryReplace(in TKey key, TValue value)
    {
        Entry? entry = Find(in key);
        if (entry is null)
        {
            return false;
        }

        Volatile.Write(ref entry.Value, value); // ORDER: release, as for a new entry.
        return true;
    }

    /// <summary>Removes a key; <see langword="false"/> if there is none.</summary>
    internal bool TryRemove(in TKey key)
    {
        ref Entry? link = ref BucketOf(_buckets, in key);
        while (link is { } entry)
        {
            if (_rule.AreEqual(in entry.Key, in key))
            {
                Volatile.Write(ref link, entry.Next); // ORDER: the entry's own link stays, for readers who stand on it.
                Count--;
                ShrinkIfSparse();
                return true;
            }

            link = ref entry.Next;
        }

        return false;
    }

    private Entry? Find(in TKey key)
    {
        // ORDER: acquire, so that the array's elements are seen as they were when it was published.
        Entry?[] buckets = Volatile.Read(ref _buckets);
        Entry? entry = Volatile.Read(ref BucketOf(buckets, in key));
        while (entry is not null && !_rule.AreEqual(in entry.Key, in key))
        {
            entry = Volatile.Read(ref entry.Next);
        }

        return entry;
    }

    private ref Entry? BucketOf(Entry?[] buckets, in TKey key) => ref buckets[_rule.Hash(in key) & (buckets.Length - 1)];

    private void ShrinkIfSparse()
    {
        if (_buckets.Length > MinimumBuckets && Count * ShrinkBelow < _buckets.Length)
        {
            Rebuild(Math.Max(MinimumBuckets, _buckets.Length / 4));
        }
    }

    private void Rebuild(int length)
    {
        // New entries: the links of the old ones still guide readers of the old array.
        var buckets = new Entry?[length];
        foreach (Entry? head in _buckets)
        {
            for (Entry? entry = head; entry is not null; entry = entry.Next)
            {
                ref Entry? bucket = ref BucketOf(buckets, in entry.Key);
                bucket = new Entry(in entry.Key, entry.Value, bucket);
            }
        }

        Volatile.Write(ref _buckets, buckets); // ORDER: release, so that the new array is seen whole.
    }

    private sealed class Entry(in TKey key, TValue value, Entry? next)
    {
        internal readonly TKey Key = key;
        internal TValue Value = value;
        internal Entry? Next = next;
    }
}
