using Chasqui.Core.Wire;

namespace Chasqui.Core.Routing;

/// <summary>A set of IPv4 and IPv6 addresses, made of prefixes and written as the fewest prefixes that are exactly it.</summary>
/// <remarks>
/// Immutable. Kept as sorted ranges, so that an operation costs one pass, and nothing grows with the size of what is left out: a range
/// needs at most 62 prefixes of IPv4 and 254 of IPv6.
/// </remarks>
public sealed class PrefixSet
{
    private static readonly UInt128 V4Max = uint.MaxValue;

    private readonly AddressRange[] _v4;
    private readonly AddressRange[] _v6;

    private PrefixSet(AddressRange[] v4, AddressRange[] v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>No address.</summary>
    public static PrefixSet Empty { get; } = new([], []);

    /// <summary>Every address of both families.</summary>
    public static PrefixSet All { get; } = new([new AddressRange(0, V4Max)], [new AddressRange(0, UInt128.MaxValue)]);

    /// <summary>Whether no address is in the set.</summary>
    public bool IsEmpty => _v4.Length == 0 && _v6.Length == 0;

    /// <summary>Whether an IPv4 address is in the set.</summary>
    public bool HasV4 => _v4.Length > 0;

    /// <summary>Whether an IPv6 address is in the set.</summary>
    public bool HasV6 => _v6.Length > 0;

    /// <summary>The addresses of prefixes, which may overlap and be in any order.</summary>
    /// <exception cref="ArgumentException">A prefix has no address.</exception>
    public static PrefixSet Of(IEnumerable<IpPrefix> prefixes)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        List<AddressRange> v4 = [], v6 = [];
        foreach (IpPrefix prefix in prefixes)
        {
            ListOf(prefix.Address, v4, v6).Add(RangeOf(prefix));
        }

        return Normalize(v4, v6);
    }

    /// <summary>The addresses from one to another, both among them.</summary>
    /// <exception cref="ArgumentException">They are of two families or none, or the last comes before the first.</exception>
    public static PrefixSet OfRange(IpAddress first, IpAddress last)
    {
        UInt128 from = NumberOf(first), to = NumberOf(last);
        if (first.IsNone || first.Bits != last.Bits || from > to)
        {
            throw new ArgumentException("A range has two addresses of one family, the lower one first.", nameof(last));
        }

        AddressRange[] range = [new AddressRange(from, to)];
        return first.IsV4 ? new PrefixSet(range, []) : new PrefixSet([], range);
    }

    /// <summary>The addresses of all the sets.</summary>
    public static PrefixSet Union(IEnumerable<PrefixSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        List<AddressRange> v4 = [], v6 = [];
        foreach (PrefixSet set in sets)
        {
            v4.AddRange(set._v4);
            v6.AddRange(set._v6);
        }

        return Normalize(v4, v6);
    }

    /// <summary>The addresses of either.</summary>
    public PrefixSet Union(PrefixSet other) => Union([this, other]);

    /// <summary>The addresses of this one that are not in the other.</summary>
    public PrefixSet Except(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new PrefixSet(AddressRanges.Except(_v4, other._v4), AddressRanges.Except(_v6, other._v6));
    }

    /// <summary>The addresses of both.</summary>
    public PrefixSet Intersect(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new PrefixSet(AddressRanges.Intersect(_v4, other._v4), AddressRanges.Intersect(_v6, other._v6));
    }

    /// <summary>Whether an address is in the set.</summary>
    public bool Contains(IpAddress address) => !address.IsNone && Contains(new IpPrefix(address, address.Bits));

    /// <summary>Whether all addresses of a prefix are in the set.</summary>
    public bool Contains(IpPrefix prefix) => AddressRanges.Contains(prefix.Address.IsV4 ? _v4 : _v6, RangeOf(prefix));

    /// <summary>Whether both have the same addresses.</summary>
    public bool SetEquals(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _v4.AsSpan().SequenceEqual(other._v4) && _v6.AsSpan().SequenceEqual(other._v6);
    }

    /// <summary>The fewest prefixes that are exactly the set: IPv4 before IPv6, each from the lowest address up.</summary>
    public IReadOnlyList<IpPrefix> ToPrefixes()
    {
        List<IpPrefix> prefixes = [];
        foreach (AddressRange range in _v4)
        {
            Split(range, 32, prefixes);
        }

        foreach (AddressRange range in _v6)
        {
            Split(range, 128, prefixes);
        }

        return prefixes;
    }

    /// <summary>The prefixes as a value of <c>AllowedIPs</c>: comma and space between them.</summary>
    public override string ToString() => string.Join(", ", ToPrefixes());

    private static PrefixSet Normalize(List<AddressRange> v4, List<AddressRange> v6) =>
        new(AddressRanges.Normalize(v4), AddressRanges.Normalize(v6));

    private static List<AddressRange> ListOf(IpAddress address, List<AddressRange> v4, List<AddressRange> v6) =>
        address.IsV4 ? v4 : address.IsV6 ? v6 : throw new ArgumentException("A prefix has an address.", nameof(address));

    private static AddressRange RangeOf(IpPrefix prefix)
    {
        UInt128 first = NumberOf(prefix.Address);
        int hostBits = prefix.Address.Bits - prefix.Length;
        return new AddressRange(first, first | (hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1));
    }

    private static UInt128 NumberOf(IpAddress address) => address.IsV4 ? address.High >> 32 : new UInt128(address.High, address.Low);

    private static IpAddress AddressOf(UInt128 number, int bits) =>
        bits == 32 ? IpAddress.V4((uint)number) : IpAddress.V6((ulong)(number >> 64), (ulong)number);

    /// <summary>Takes the largest block that begins where the range does and ends within it, again and again: no other way needs fewer.</summary>
    private static void Split(AddressRange range, int bits, List<IpPrefix> prefixes)
    {
        UInt128 first = range.First;
        while (true)
        {
            UInt128 span = range.Last - first;
            int fitting = span == UInt128.MaxValue ? 128 : (int)UInt128.Log2(span + 1);
            int aligned = first == 0 ? bits : (int)UInt128.TrailingZeroCount(first);
            int hostBits = Math.Min(fitting, aligned);
            prefixes.Add(new IpPrefix(AddressOf(first, bits), bits - hostBits));
            UInt128 last = first + (hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1);
            if (last == range.Last)
            {
                return;
            }

            first = last + 1;
        }
    }
}
