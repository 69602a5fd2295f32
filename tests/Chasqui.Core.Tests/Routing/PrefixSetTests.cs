using System.Numerics;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Routing;

public sealed class PrefixSetTests
{
    /// <summary>The last bits of the addresses of the model: 10.0.0.0 to 10.0.0.255, and fd00::ff00 to fd00::ffff.</summary>
    private const int SpaceBits = 8;

    private const int Space = 1 << SpaceBits;

    [Fact]
    public void EverythingHasOnePrefixOfEachFamily()
    {
        Assert.Equal("0.0.0.0/0, ::/0", PrefixSet.All.ToString());
        Assert.Equal("0.0.0.0/0, ::/0", Of("128.0.0.0/1", "8000::/1", "::/1", "0.0.0.0/1").ToString());
        Assert.True(PrefixSet.All.Except(PrefixSet.All).IsEmpty);
        Assert.Equal("", PrefixSet.Empty.ToString());
    }

    [Fact]
    public void LeavingOutOneAddressNeedsAPrefixForEachBit()
    {
        Assert.Equal(32, PrefixSet.All.Except(Of("255.255.255.255")).Intersect(Of("0.0.0.0/0")).ToPrefixes().Count);
        Assert.Equal(128, PrefixSet.All.Except(Of("::")).Intersect(Of("::/0")).ToPrefixes().Count);
        Assert.Equal(
            62, PrefixSet.OfRange(IpAddress.V4(1), IpAddress.V4(uint.MaxValue - 1)).ToPrefixes().Count);
        Assert.Equal(
            254, PrefixSet.OfRange(IpAddress.V6(0, 1), IpAddress.V6(ulong.MaxValue, ulong.MaxValue - 1)).ToPrefixes().Count);
    }

    [Fact]
    public void ManyPrefixesAreQuicklyAggregated()
    {
        IEnumerable<IpPrefix> prefixes = Enumerable.Range(0, 1 << 17).Select(static i => new IpPrefix(IpAddress.V4((uint)i << 8), 24)).Reverse();

        Assert.Equal("0.0.0.0/7", PrefixSet.Of(prefixes).ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", false)]
    [InlineData("0.0.0.0/0", "::1/128", false)]
    [InlineData("::/0", "::1/128", true)]
    public void ContainsPrefixesWhole(string set, string prefix, bool isContained)
    {
        Assert.Equal(isContained, Of(set).Contains(Prefix(prefix)));
        Assert.Equal(isContained, Of(set).Intersect(Of(prefix)).SetEquals(Of(prefix)));
    }

    [Fact]
    public void ARangeHasTwoAddressesInOrder()
    {
        Assert.Equal("10.0.0.1/32, 10.0.0.2/31, 10.0.0.4/30, 10.0.0.8/31", PrefixSet.OfRange(Address("10.0.0.1"), Address("10.0.0.9")).ToString());
        Assert.Throws<ArgumentException>(() => PrefixSet.OfRange(Address("10.0.0.2"), Address("10.0.0.1")));
        Assert.Throws<ArgumentException>(() => PrefixSet.OfRange(Address("10.0.0.2"), Address("fd00::1")));
        Assert.Throws<ArgumentException>(() => PrefixSet.OfRange(default, default));
        Assert.Throws<ArgumentException>(() => PrefixSet.Of([default]));
    }

    [Fact]
    public void OperationsAreThoseOfAModelAndResultsAreMinimal()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            bool isV4 = random.Next(2) == 0;
            (PrefixSet left, bool[] leftBits) = Next(random, isV4);
            (PrefixSet right, bool[] rightBits) = Next(random, isV4);

            string context = $"seed {seed}, round {i}: {left} and {right}";
            CheckSame(left.Union(right), leftBits.Zip(rightBits, static (l, r) => l || r), isV4, context);
            CheckSame(left.Except(right), leftBits.Zip(rightBits, static (l, r) => l && !r), isV4, context);
            CheckSame(left.Intersect(right), leftBits.Zip(rightBits, static (l, r) => l && r), isV4, context);
            Assert.True(left.SetEquals(right) == leftBits.SequenceEqual(rightBits), context);
        }
    }

    [Fact]
    public void SetsFollowTheLawsOfSets()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            PrefixSet a = NextWide(random), b = NextWide(random), c = NextWide(random);

            string context = $"seed {seed}, round {i}: {a} | {b} | {c}";
            Assert.True(a.Except(b).Union(a.Intersect(b)).SetEquals(a), context);
            Assert.True(a.Except(b.Union(c)).SetEquals(a.Except(b).Except(c)), context);
            Assert.True(PrefixSet.All.Except(PrefixSet.All.Except(a)).SetEquals(a), context);
            Assert.True(PrefixSet.Of(a.ToPrefixes()).SetEquals(a), context);
            Assert.True(a.Intersect(b.Union(c)).SetEquals(a.Intersect(b).Union(a.Intersect(c))), context);
        }
    }

    private static void CheckSame(PrefixSet set, IEnumerable<bool> expected, bool isV4, string context)
    {
        bool[] bits = [.. expected];
        for (int i = 0; i < Space; i++)
        {
            Assert.True(set.Contains(AddressOf(i, isV4)) == bits[i], context);
        }

        IReadOnlyList<IpPrefix> prefixes = set.ToPrefixes();
        Assert.True(prefixes.Count == FewestBlocks(bits), $"{context}: {set} is not minimal");
        Assert.True(prefixes.Sum(static prefix => 1 << (prefix.Address.Bits - prefix.Length)) == bits.Count(static bit => bit), context);
        Assert.True(prefixes.Zip(prefixes.Skip(1)).All(static pair => Number(pair.First.Address) < Number(pair.Second.Address)), context);
    }

    /// <summary>How many blocks a set needs: a block that is full is one, any other is what its halves are.</summary>
    private static int FewestBlocks(ReadOnlySpan<bool> bits) =>
        !bits.Contains(true) ? 0
        : !bits.Contains(false) ? 1
        : FewestBlocks(bits[..(bits.Length / 2)]) + FewestBlocks(bits[(bits.Length / 2)..]);

    private static (PrefixSet Set, bool[] Bits) Next(Random random, bool isV4)
    {
        List<IpPrefix> prefixes = [];
        bool[] bits = new bool[Space];
        for (int i = random.Next(12); i > 0; i--)
        {
            int hostBits = random.Next(SpaceBits + 1), first = random.Next(Space) >> hostBits << hostBits;
            prefixes.Add(new IpPrefix(AddressOf(first, isV4), (isV4 ? 32 : 128) - hostBits));
            bits.AsSpan(first, 1 << hostBits).Fill(true);
        }

        return (PrefixSet.Of(prefixes), bits);
    }

    private static PrefixSet NextWide(Random random)
    {
        List<IpPrefix> prefixes = [];
        for (int i = random.Next(8); i > 0; i--)
        {
            IpAddress address = random.Next(2) == 0
                ? IpAddress.V4((uint)random.NextInt64())
                : IpAddress.V6((ulong)random.NextInt64() << 1, (ulong)random.NextInt64());
            prefixes.Add(new IpPrefix(address, random.Next(address.Bits + 1)));
        }

        return PrefixSet.Of(prefixes);
    }

    private static IpAddress AddressOf(int host, bool isV4) =>
        isV4 ? IpAddress.V4(0x0a000000 + (uint)host) : IpAddress.V6(0xfd00UL << 48, 0xff00 + (ulong)host);

    private static BigInteger Number(IpAddress address) => ((BigInteger)address.High << 64) + address.Low;

    private static PrefixSet Of(params string[] prefixes) => PrefixSet.Of(prefixes.Select(Prefix));

    private static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new ArgumentException(text);

    private static IpAddress Address(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : throw new ArgumentException(text);
}
