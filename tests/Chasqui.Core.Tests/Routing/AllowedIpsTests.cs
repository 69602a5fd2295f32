using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Routing;

public sealed class AllowedIpsTests
{
    private readonly AllowedIps<TestOwner> _table = new(new TableEntropy(1));
    private readonly TestOwner _a = new("a"), _b = new("b"), _c = new("c");

    [Fact]
    public void AnEmptyTableKnowsNobody()
    {
        Assert.Null(Lookup("10.0.0.1"));
        Assert.Null(Lookup("fd00::1"));
        Assert.Null(_table.Lookup(default));
        Assert.Null(_table.OwnerOf(Prefix("0.0.0.0/0")));
        Assert.False(_table.Remove(Prefix("0.0.0.0/0"), _a));
        _table.RemoveAll(_a);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void TheFamiliesDoNotMix()
    {
        _table.Insert(Prefix("0.0.0.0/0"), _a);

        Assert.Null(Lookup("::1"));
        Assert.Null(Lookup("::ffff:10.0.0.1"));
        Assert.Same(_a, Lookup("10.0.0.1"));
    }

    [Fact]
    public void AnExistingPrefixMovesToItsNewOwner()
    {
        Assert.Null(_table.Insert(Prefix("10.0.0.0/24"), _a));

        Assert.Same(_a, _table.Insert(Prefix("10.0.0.0/24"), _b));

        Assert.Same(_b, Lookup("10.0.0.1"));
        Assert.Empty(PrefixesOf(_a));
        Assert.Equal(["10.0.0.0/24"], PrefixesOf(_b));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void OnlyTheOwnerLosesAPrefix()
    {
        _table.Insert(Prefix("10.0.0.0/24"), _a);

        Assert.False(_table.Remove(Prefix("10.0.0.0/24"), _b));
        Assert.False(_table.Remove(Prefix("10.0.0.0/25"), _a));
        Assert.Same(_a, Lookup("10.0.0.1"));
        Assert.True(_table.Remove(Prefix("10.0.0.0/24"), _a));
        Assert.False(_table.Remove(Prefix("10.0.0.0/24"), _a));
        Assert.Null(Lookup("10.0.0.1"));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void ARemovedPrefixLetsTheShorterOneShow()
    {
        _table.Insert(Prefix("10.0.0.0/8"), _a);
        _table.Insert(Prefix("10.1.0.0/16"), _b);
        Assert.Same(_b, Lookup("10.1.2.3"));

        _table.Remove(Prefix("10.1.0.0/16"), _b);

        Assert.Same(_a, Lookup("10.1.2.3"));
    }

    [Fact]
    public void APrefixCanComeBackAfterItsRemoval()
    {
        _table.Insert(Prefix("fd00::/64"), _a);
        _table.Remove(Prefix("fd00::/64"), _a);

        Assert.Null(_table.Insert(Prefix("fd00::/64"), _b));

        Assert.Same(_b, Lookup("fd00::1"));
        Assert.Equal(["fd00::/64"], PrefixesOf(_b));
        Assert.Equal(1, _table.Count);
    }

    // A source address is accepted only from the most specific owner: with a /16 of A and a /24 inside it of B, A must not speak for B's.
    [Fact]
    public void InNestedSubnetsTheMostSpecificOwnerCounts()
    {
        _table.Insert(Prefix("192.168.0.0/16"), _a);
        _table.Insert(Prefix("192.168.4.0/24"), _b);
        _table.Insert(Prefix("192.168.4.4/32"), _c);
        _table.Insert(Prefix("fd00::/16"), _a);
        _table.Insert(Prefix("fd00:0:0:1::/64"), _b);
        _table.Insert(Prefix("fd00:0:0:1::5/128"), _c);

        Assert.Same(_a, Lookup("192.168.3.255"));
        Assert.Same(_b, Lookup("192.168.4.0"));
        Assert.Same(_b, Lookup("192.168.4.255"));
        Assert.Same(_c, Lookup("192.168.4.4"));
        Assert.Same(_a, Lookup("192.168.5.0"));
        Assert.Same(_a, Lookup("fd00::1"));
        Assert.Same(_b, Lookup("fd00:0:0:1::4"));
        Assert.Same(_c, Lookup("fd00:0:0:1::5"));
        Assert.Same(_a, Lookup("fd00:0:0:2::5"));
    }

    [Fact]
    public void AnOwnersPrefixesComeInTheOrderInWhichTheyWereGivenBothFamiliesMixed()
    {
        foreach (string text in (string[])["10.0.0.0/24", "fd00::/64", "10.0.1.0/24", "fd01::/64", "0.0.0.0/0"])
        {
            _table.Insert(Prefix(text), _a);
        }

        Assert.Equal(["10.0.0.0/24", "fd00::/64", "10.0.1.0/24", "fd01::/64", "0.0.0.0/0"], PrefixesOf(_a));
    }

    [Fact]
    public void APrefixGivenAgainMovesToTheEnd()
    {
        foreach (string text in (string[])["10.0.0.0/24", "fd00::/64", "10.0.1.0/24", "10.0.0.0/24"])
        {
            _table.Insert(Prefix(text), _a);
        }

        Assert.Equal(["fd00::/64", "10.0.1.0/24", "10.0.0.0/24"], PrefixesOf(_a));
        Assert.Equal(3, _a.AllowedIpList.Count);
    }

    [Fact]
    public void RemovingAllOfOneOwnerLeavesTheOthers()
    {
        _table.Insert(Prefix("10.0.0.0/24"), _a);
        _table.Insert(Prefix("10.0.0.0/25"), _b);
        _table.Insert(Prefix("fd00::/64"), _a);
        _table.Insert(Prefix("0.0.0.0/0"), _c);

        _table.RemoveAll(_a);

        Assert.Empty(PrefixesOf(_a));
        Assert.Same(_b, Lookup("10.0.0.1"));
        Assert.Same(_c, Lookup("10.0.0.129"));
        Assert.Null(Lookup("fd00::1"));
        Assert.Equal(2, _table.Count);
    }

    [Fact]
    public void TheListsSurviveEveryRebuildOfEitherTable()
    {
        TestOwner[] owners = [_a, _b, _c];
        var expected = owners.ToDictionary(owner => owner, _ => new List<string>());
        for (uint i = 0; i < 3000; i++)
        {
            IpPrefix prefix = i % 5 < 2
                ? new IpPrefix(IpAddress.V6(0xfd00_0000_0000_0000 | i, 0), 64)
                : new IpPrefix(IpAddress.V4(0x0a000000 | (i << 4)), 28);
            TestOwner owner = owners[(i * 7) % 3];
            _table.Insert(prefix, owner);
            expected[owner].Add(prefix.ToString());
        }

        foreach (TestOwner owner in owners)
        {
            Assert.Equal(expected[owner], PrefixesOf(owner));
        }
    }

    [Fact]
    public void EveryLengthOfBothFamiliesIsFound()
    {
        var address4 = IpAddress.V4(0xc0a8_5a5b);
        var address6 = IpAddress.V6(0xfd00_1234_5678_9abd, 0x0fed_cba9_8765_4321);
        var owners = new List<TestOwner>();
        for (int length = 0; length <= 128; length++)
        {
            var owner = new TestOwner($"/{length}");
            owners.Add(owner);
            _table.Insert(new IpPrefix(address6, length), owner);
            if (length <= 32)
            {
                _table.Insert(new IpPrefix(address4, length), owner);
            }
        }

        for (int length = 128; length >= 0; length--)
        {
            Assert.Same(owners[length], _table.Lookup(address6));
            Assert.True(_table.Remove(new IpPrefix(address6, length), owners[length]));
            if (length <= 32)
            {
                Assert.Same(owners[length], _table.Lookup(address4));
                Assert.True(_table.Remove(new IpPrefix(address4, length), owners[length]));
            }
        }

        Assert.Null(_table.Lookup(address6));
        Assert.Null(_table.Lookup(address4));
    }

    [Fact]
    public void OnePeerCanHave65000PrefixesOfEachFamilyAndLoseThemAll()
    {
        for (uint i = 0; i < 65_025; i++)
        {
            _table.Insert(new IpPrefix(IpAddress.V4(0x0a000000 | i), 32), _a);
            _table.Insert(new IpPrefix(IpAddress.V6(0xfd00_0000_0000_0000, i), 128), _a);
        }

        Assert.Equal(130_050, _a.AllowedIpList.Count);
        Assert.Same(_a, Lookup("10.0.254.0"));
        _table.RemoveAll(_a);
        Assert.Equal(0, _table.Count);
        Assert.Null(Lookup("10.0.254.0"));
        Assert.Empty(PrefixesOf(_a));
    }

    [Fact]
    public void ComingAndGoingForeverDoesNotGrowTheTable()
    {
        _table.Insert(Prefix("10.0.0.0/8"), _b);
        for (uint i = 0; i < 2_000; i++)
        {
            Change(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 2_000; i < 200_000; i++)
        {
            Change(i);
        }

        // Six free places of eight are used up, then the table of eight is made again: about 400 bytes for six changes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000 * 400);
        Assert.Same(_b, Lookup("10.1.1.1"));

        void Change(uint i)
        {
            var prefix = new IpPrefix(IpAddress.V4(i << 8), 24);
            _table.Insert(prefix, _a);
            Assert.True(_table.Remove(prefix, _a));
        }
    }

    [Fact]
    public void LookingUpAllocatesNothing()
    {
        for (uint i = 0; i < 1000; i++)
        {
            _table.Insert(new IpPrefix(IpAddress.V4(i << 12), 20 + (int)(i % 13)), _a);
            _table.Insert(new IpPrefix(IpAddress.V6((ulong)i << 40, 0), 24 + (int)(i % 41)), _b);
        }

        int found = LookUp(); // what the runtime makes for a first call is not the table's
        long allocated = Heap.LeastAllocatedBy(() =>
        {
            found += LookUp();
        });

        Assert.Equal(0, allocated);
        Assert.NotEqual(0, found);

        int LookUp()
        {
            int taken = 0;
            for (uint i = 0; i < 10_000; i++)
            {
                taken += _table.LookupV4(i << 9) is null ? 0 : 1;
                taken += _table.LookupV6((ulong)i << 37, i) is null ? 0 : 1;
                taken += _table.Lookup(IpAddress.V4(i << 9)) is null ? 0 : 1;
            }

            return taken;
        }
    }

    [Fact]
    public void APrefixWithoutAnAddressIsAProgrammersMistake() =>
        Assert.Throws<ArgumentException>(() => _table.Insert(default, _a));

    private static IpPrefix Prefix(string text)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix), text);
        return prefix;
    }

    private TestOwner? Lookup(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address), text);
        return _table.Lookup(address);
    }

    private IEnumerable<string> PrefixesOf(TestOwner owner)
    {
        var prefixes = new List<IpPrefix>();
        _table.CopyPrefixes(owner, prefixes);
        Assert.Equal(prefixes.Count, owner.AllowedIpList.Count);
        return prefixes.Select(prefix => prefix.ToString());
    }
}
