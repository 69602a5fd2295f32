using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.DoS;

/// <summary>A token bucket for each source prefix that has proved its address: 20 handshakes a second, 5 at once.</summary>
/// <remarks>
/// A prefix is an IPv4 address or an IPv6 /64. The table is keyed (strangers choose addresses), bounded, and grows with
/// the number of sources; a full one refuses sources it does not know and goes on serving those it does.
/// Entries idle for a second have a full bucket, so forgetting them changes no answer: each call forgets a few of the
/// oldest, and <see cref="Collect"/> the rest. Threads: one at a time. Source: the kernel's ratelimiter.c.
/// </remarks>
internal sealed class HandshakeLimiter
{
    /// <summary>Sources remembered at once, as the kernel's on a machine with more than 1 GiB.</summary>
    internal const int DefaultMaxSources = 8 * 8192;

    private const int CostNanoseconds = 1_000_000_000 / ProtocolConstants.HandshakesPerSecondPerSource;
    private const int MaxTokens = CostNanoseconds * ProtocolConstants.HandshakeBurstPerSource;
    private const long IdleNanoseconds = 1_000_000_000;
    private const int FirstCapacity = 64;
    private const int EvictionsPerCall = 8;
    private const int None = -1;

    private readonly SipHash _hash;
    private readonly int _maxSources;

    // INVARIANT: _heads and _entries have the same length, a power of two or 0. Every live entry is in one chain (by
    // its prefix) and in the list from _oldest to _newest (by its last use).
    private int[] _heads = [];
    private Entry[] _entries = [];
    private int _used;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;

    internal HandshakeLimiter(IEntropy entropy)
        : this(entropy, DefaultMaxSources)
    {
    }

    internal HandshakeLimiter(IEntropy entropy, int maxSources)
    {
        _hash = SipHash.FromEntropy(entropy);
        _maxSources = maxSources;
    }

    /// <summary>Sources remembered.</summary>
    internal int Count { get; private set; }

    /// <summary>Length of the tables, for tests of the memory bound.</summary>
    internal int Capacity => _entries.Length;

    /// <summary>Takes one handshake from the bucket of a source's prefix.</summary>
    /// <returns><see langword="false"/> if there is none left; the reason is always <see cref="DropReason.RateLimited"/>.</returns>
    internal bool TryTake(Instant now, IpAddress source)
    {
        if (source.IsNone)
        {
            return false;
        }

        ForgetIdle(now, EvictionsPerCall);
        ulong prefix = source.High;
        int slot = Find(prefix, source.IsV4);
        if (slot != None)
        {
            return TakeFrom(slot, now);
        }

        if (Count >= _maxSources)
        {
            return false;
        }

        Add(prefix, source.IsV4, now);
        return true;
    }

    /// <summary>Forgets every source that has been idle for a second, and gives the memory back if that is all.</summary>
    internal void Collect(Instant now)
    {
        ForgetIdle(now, int.MaxValue);
        if (Count == 0)
        {
            _heads = [];
            _entries = [];
            _used = 0;
            _free = None;
        }
    }

    private bool TakeFrom(int slot, Instant now)
    {
        ref Entry entry = ref _entries[slot];
        long elapsed = Math.Max(0, now.Nanoseconds - entry.LastNanoseconds);
        int tokens = (int)Math.Min(MaxTokens, entry.Tokens + elapsed);
        bool isAllowed = tokens >= CostNanoseconds;
        entry.Tokens = isAllowed ? tokens - CostNanoseconds : tokens;
        entry.LastNanoseconds += elapsed;
        UnlinkAge(slot);
        LinkNewest(slot);
        return isAllowed;
    }

    private void Add(ulong prefix, bool isV4, Instant now)
    {
        if (_free == None && _used == _entries.Length)
        {
            Grow();
        }

        int slot = _free;
        if (slot != None)
        {
            _free = _entries[slot].NextInChain;
        }
        else
        {
            slot = _used++;
        }

        ref int head = ref HeadOf(prefix, isV4);
        _entries[slot] = new Entry
        {
            Prefix = prefix,
            IsV4 = isV4,
            LastNanoseconds = now.Nanoseconds,
            Tokens = MaxTokens - CostNanoseconds,
            NextInChain = head,
        };
        head = slot;
        LinkNewest(slot);
        Count++;
    }

    private int Find(ulong prefix, bool isV4)
    {
        if (Count == 0)
        {
            return None;
        }

        int slot = HeadOf(prefix, isV4);
        while (slot != None && (_entries[slot].Prefix != prefix || _entries[slot].IsV4 != isV4))
        {
            slot = _entries[slot].NextInChain;
        }

        return slot;
    }

    private void ForgetIdle(Instant now, int most)
    {
        for (; most > 0 && _oldest != None && now.Nanoseconds - _entries[_oldest].LastNanoseconds > IdleNanoseconds; most--)
        {
            Forget(_oldest);
        }
    }

    private void Forget(int slot)
    {
        ref Entry entry = ref _entries[slot];
        ref int link = ref HeadOf(entry.Prefix, entry.IsV4);
        while (link != slot)
        {
            link = ref _entries[link].NextInChain;
        }

        link = entry.NextInChain;
        UnlinkAge(slot);
        entry.NextInChain = _free;
        _free = slot;
        Count--;
    }

    private void LinkNewest(int slot)
    {
        _entries[slot].Older = _newest;
        _entries[slot].Newer = None;
        (_newest != None ? ref _entries[_newest].Newer : ref _oldest) = slot;
        _newest = slot;
    }

    private void UnlinkAge(int slot)
    {
        (int older, int newer) = (_entries[slot].Older, _entries[slot].Newer);
        (older != None ? ref _entries[older].Newer : ref _oldest) = newer;
        (newer != None ? ref _entries[newer].Older : ref _newest) = older;
    }

    private void Grow()
    {
        int capacity = Math.Max(FirstCapacity, _entries.Length * 2);
        Array.Resize(ref _entries, capacity);
        _heads = new int[capacity];
        Array.Fill(_heads, None);
        for (int slot = _oldest; slot != None; slot = _entries[slot].Newer)
        {
            ref int head = ref HeadOf(_entries[slot].Prefix, _entries[slot].IsV4);
            _entries[slot].NextInChain = head;
            head = slot;
        }
    }

    private ref int HeadOf(ulong prefix, bool isV4)
    {
        // The two families hash inputs of different lengths, so that they do not meet.
        ulong hash = isV4 ? _hash.Hash((uint)(prefix >> 32)) : _hash.Hash(prefix);
        return ref _heads[(int)hash & (_heads.Length - 1)];
    }

    private struct Entry
    {
        internal ulong Prefix;
        internal long LastNanoseconds;
        internal int Tokens;
        internal int NextInChain;
        internal int Older;
        internal int Newer;
        internal bool IsV4;
    }
}
