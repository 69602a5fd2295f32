using System.Numerics;

namespace Chasqui.Core.Routing;

/// <summary>Prefixes of one family and their owners: one open-addressed hash table, searched from the longest length down.</summary>
/// <remarks>
/// Threads: any number of readers (<see cref="Lookup"/>) beside one writer; readers take no lock and never wait for a writer
/// that stands still. A read costs one probe for each prefix length in use, usually two or three, and a cache miss for each
/// probe of a large table.
/// </remarks>
internal sealed class PrefixTable<T, TKey>
    where T : class
    where TKey : struct, IPrefixKey<TKey>
{
    internal const int MinimumCapacity = 8;

    // With this many lengths most probes find nothing. A filter of eight bits a slot answers them without the branches that a processor
    // guesses wrong: 96 -> 45 ns with six lengths and 10,000 prefixes (bench/Chasqui.Benchmarks). With fewer lengths it only costs.
    private const int FilteredLengths = 3;

    private readonly PrefixHashKey _hashKey;
    private readonly int[] _countOfLength = new int[TKey.Bits + 1];

    // ORDER: readers take these four with acquire loads. A writer publishes an array only when it is complete, and counts _version up
    // (release) after each change. Every store that a reader acts on is a release too and so is never seen before the count of the change
    // before it: a reader who saw any part of a second change sees that the first is over, and starts again.
    private PrefixSlot<T, TKey>[] _slots = [];
    private ulong[] _filter = [];
    private byte[] _lengths = [];
    private uint _version;

    private int _used;

    internal PrefixTable(in PrefixHashKey hashKey) => _hashKey = hashKey;

    /// <summary>Neighbours in the owners' lists, parallel to the slots so that readers do not pay for them. Writers only.</summary>
    internal AllowedIpLink[] Links { get; private set; } = [];

    internal int Count { get; private set; }

    /// <summary>The slots. Writers only.</summary>
    internal PrefixSlot<T, TKey>[] Slots => _slots;

    /// <summary>Whether a slot for one more prefix needs <see cref="Rebuild"/> first.</summary>
    internal bool IsFull => (_used + 1) * 3L > _slots.Length * 2L;

    /// <summary>Whether <see cref="Rebuild"/> would make the table much smaller.</summary>
    internal bool IsSparse => _slots.Length > 8 * MinimumCapacity && Count * 8L < _slots.Length;

    /// <summary>The owner of the longest prefix that holds <paramref name="address"/>, or null.</summary>
    internal T? Lookup(TKey address)
    {
        while (true)
        {
            uint version = Volatile.Read(ref _version);
            T? owner = Search(address);
            Volatile.ReadBarrier();

            // Lengths are tried one after the other: between two probes a writer may add a long prefix and take the short one away, and
            // the search would find neither, though there was always one. One change alone cannot mislead it.
            if (Volatile.Read(ref _version) == version)
            {
                return owner;
            }
        }
    }

    /// <summary>The slot of exactly this prefix, or -1. The slot may be one whose prefix was removed. Writers only.</summary>
    internal int Find(TKey key, int length) =>
        _slots.Length == 0 ? -1 : Probe(_slots, key, length, key.Hash(length, _hashKey));

    /// <summary>Gives the prefix of a slot to <paramref name="owner"/>.</summary>
    internal void Assign(int slot, T owner)
    {
        ref PrefixSlot<T, TKey> place = ref _slots[slot];
        bool isNew = place.Owner is null;
        Volatile.Write(ref place.Owner, owner);
        if (isNew)
        {
            CountUp(place.Tag - 1);
        }

        Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>Takes a free slot for a prefix that has none. The table must not be full.</summary>
    internal int Add(TKey key, int length, T owner)
    {
        int slot = Place(_slots, _filter, key, length, owner);
        _used++;
        CountUp(length);
        Volatile.Write(ref _version, _version + 1);
        return slot;
    }

    /// <summary>Takes the prefix of a slot away from its owner.</summary>
    internal void Remove(int slot)
    {
        ref PrefixSlot<T, TKey> place = ref _slots[slot];
        Volatile.Write(ref place.Owner, null);
        Count--;
        int length = place.Tag - 1;
        if (--_countOfLength[length] == 0)
        {
            PublishLengths();
        }

        Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>Moves all prefixes into a table with room for one more, and forgets the removed ones.</summary>
    /// <returns>For each old slot the new one, or -1. The links have moved, but still name old slots.</returns>
    internal int[] Rebuild()
    {
        PrefixSlot<T, TKey>[] old = _slots;
        AllowedIpLink[] oldLinks = Links;
        int capacity = Math.Max(MinimumCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)((Count + 1) * 2L)));
        var slots = new PrefixSlot<T, TKey>[capacity];
        ulong[] filter = new ulong[capacity / 8];
        var links = new AllowedIpLink[capacity];
        int[] moved = new int[old.Length];
        for (int i = 0; i < old.Length; i++)
        {
            moved[i] = -1;
            if (old[i].Owner is { } owner)
            {
                moved[i] = Place(slots, filter, old[i].Key, old[i].Tag - 1, owner);
                links[moved[i]] = oldLinks[i];
            }
        }

        Links = links;
        _used = Count;
        Volatile.Write(ref _filter, filter);
        Volatile.Write(ref _slots, slots);
        return moved;
    }

    private T? Search(TKey address)
    {
        PrefixSlot<T, TKey>[] slots = Volatile.Read(ref _slots);
        ulong[] filter = Volatile.Read(ref _filter);
        byte[] lengths = Volatile.Read(ref _lengths);

        // The arrays may be of different ages. Each holds what the table held at some moment since the search began, give or take the
        // change under way, so the answer is right unless there was a second change; then the version tells.
        if (slots.Length == 0 || filter.Length == 0)
        {
            return null;
        }

        bool isFiltered = lengths.Length >= FilteredLengths;
        foreach (byte length in lengths)
        {
            TKey key = address.Mask(length);
            ulong hash = key.Hash(length, _hashKey);
            if (isFiltered && !MayHold(filter, hash))
            {
                continue;
            }

            int slot = Probe(slots, key, length, hash);
            if (slot >= 0 && Volatile.Read(ref slots[slot].Owner) is { } owner)
            {
                return owner;
            }
        }

        return null;
    }

    private static int Probe(PrefixSlot<T, TKey>[] slots, TKey key, int length, ulong hash)
    {
        // INVARIANT: the capacity is a power of two and at least a third of the slots are free, so that every search ends.
        int mask = slots.Length - 1;
        for (int i = (int)(hash >> 32) & mask; ; i = (i + 1) & mask)
        {
            ref PrefixSlot<T, TKey> place = ref slots[i];
            int tag = Volatile.Read(ref place.Tag);
            if (tag == length + 1 && place.Key.Is(key))
            {
                return i;
            }

            if (tag == 0)
            {
                return -1;
            }
        }
    }

    private int Place(PrefixSlot<T, TKey>[] slots, ulong[] filter, TKey key, int length, T owner)
    {
        ulong hash = key.Hash(length, _hashKey);
        filter[FilterWord(filter, hash)] |= 1UL << (int)hash;
        int mask = slots.Length - 1;
        int i = (int)(hash >> 32) & mask;
        while (slots[i].Tag != 0)
        {
            i = (i + 1) & mask;
        }

        // ORDER: a reader that sees the tag sees key and owner.
        slots[i].Owner = owner;
        slots[i].Key = key;
        Volatile.Write(ref slots[i].Tag, length + 1);
        return i;
    }

    /// <summary>Whether a prefix with this hash may be in the table; a removed one may linger until the table is rebuilt.</summary>
    private static bool MayHold(ulong[] filter, ulong hash) => ((filter[FilterWord(filter, hash)] >> (int)hash) & 1) != 0;

    // The hash's low bits choose the bit; they are the least mixed, but the word comes from the best.
    private static int FilterWord(ulong[] filter, ulong hash) => (int)(hash >> 38) & (filter.Length - 1);

    private void CountUp(int length)
    {
        Count++;
        if (++_countOfLength[length] == 1)
        {
            PublishLengths();
        }
    }

    private void PublishLengths()
    {
        int kinds = 0;
        foreach (int count in _countOfLength)
        {
            kinds += count > 0 ? 1 : 0;
        }

        byte[] lengths = new byte[kinds];
        for (int length = 0; length < _countOfLength.Length; length++)
        {
            if (_countOfLength[length] > 0)
            {
                lengths[--kinds] = (byte)length;
            }
        }

        Volatile.Write(ref _lengths, lengths);
    }
}
