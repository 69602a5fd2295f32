using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Routing;

/// <summary>The facts that the kernel checks of its own table at start. Source: Linux, selftest/allowedips.c.</summary>
public sealed class AllowedIpsKernelTests
{
    private readonly AllowedIps<TestOwner> _table = new(new TableEntropy(2));
    private readonly Dictionary<string, TestOwner> _owners = "abcdefgh".ToDictionary(c => $"{c}", c => new TestOwner($"{c}"));

    [Theory]
    [InlineData("192.168.4.20", "a")]
    [InlineData("192.168.4.0", "a")]
    [InlineData("192.168.4.4", "b")]
    [InlineData("192.168.200.182", "c")]
    [InlineData("192.95.5.68", "c")]
    [InlineData("192.95.5.96", "e")]
    [InlineData("2607:5300:6000:6b00::c05f:543", "d")]
    [InlineData("2607:5300:6000:6b00::c02e:1ee", "c")]
    [InlineData("2607:5300:6000:6b01::", "f")]
    [InlineData("2404:6800:4004:806::1006", "g")]
    [InlineData("2404:6800:4004:806:0:1234:0:5678", "g")]
    [InlineData("2404:67ff:4004:806:0:1234:0:5678", "f")]
    [InlineData("2404:6801:4004:806:0:1234:0:5678", "f")]
    [InlineData("2404:6800:4004:800:0:1234:0:5678", "h")]
    [InlineData("2404:6800:4004:800::", "h")]
    [InlineData("2404:6800:4004:800:1010:1010:1010:1010", "h")]
    [InlineData("2404:6800:4004:800:dead:beef:dead:beef", "a")]
    [InlineData("64.15.116.26", "g")]
    [InlineData("64.15.127.3", "g")]
    [InlineData("64.15.123.1", "g")]
    [InlineData("64.15.123.128", "h")]
    [InlineData("64.15.123.129", "h")]
    [InlineData("10.0.0.52", "a")]
    [InlineData("10.0.0.220", "b")]
    [InlineData("10.1.0.2", "a")]
    [InlineData("10.1.0.6", "b")]
    [InlineData("10.1.0.10", "c")]
    [InlineData("10.1.0.20", "d")]
    public void FindsTheOwner(string address, string owner)
    {
        Fill();

        Assert.Equal(owner, Lookup(address)?.ToString());
    }

    [Theory]
    [InlineData("1.0.0.0")]
    [InlineData("64.0.0.0")]
    [InlineData("128.0.0.0")]
    [InlineData("192.0.0.0")]
    [InlineData("255.0.0.0")]
    public void AnOwnerWithoutPrefixesIsNotFound(string address)
    {
        Fill();
        foreach (string prefix in (string[])["1.0.0.0", "64.0.0.0", "128.0.0.0", "192.0.0.0", "255.0.0.0"])
        {
            Insert("a", $"{prefix}/32");
        }

        _table.RemoveAll(_owners["a"]);

        Assert.NotEqual("a", Lookup(address)?.ToString());
    }

    [Fact]
    public void ANestedPrefixOfTheSameOwnerGoesToo()
    {
        Insert("a", "192.168.0.0/16", "192.168.0.0/24");

        _table.RemoveAll(_owners["a"]);

        Assert.Null(Lookup("192.168.0.1"));
    }

    [Fact]
    public void HoldsAHostRouteForEachBitOfAnAddress()
    {
        for (int i = 0; i < 128; i++)
        {
            ulong part = ~(1UL << (i % 64));
            IpAddress address = i < 64 ? IpAddress.V6(ulong.MaxValue, part) : IpAddress.V6(part, ulong.MaxValue);
            _table.Insert(new IpPrefix(address, 128), _owners["a"]);

            Assert.Same(_owners["a"], _table.Lookup(address));
        }

        Assert.Equal(128, _table.Count);
    }

    [Fact]
    public void ListsAnOwnersPrefixesWithTheirHostBitsCleared()
    {
        Insert("a", "192.95.5.93/27", "2607:5300:6000:6b00::c05f:543/128", "10.1.0.20/29");
        Insert("a", "2607:5300:6d8a:6bf8:dab1:f1df:c05f:1523/83", "2607:5300:6d8a:6bf8:dab1:f1df:c05f:1523/21");

        var prefixes = new List<IpPrefix>();
        _table.CopyPrefixes(_owners["a"], prefixes);

        Assert.Equal(
            ["192.95.5.64/27", "2607:5300:6000:6b00::c05f:543/128", "10.1.0.16/29", "2607:5300:6d8a:6bf8:dab1:e000::/83", "2607:5000::/21"],
            prefixes.Select(prefix => prefix.ToString()));
    }

    private void Fill()
    {
        Insert("a", "192.168.4.0/24");
        Insert("b", "192.168.4.4/32");
        Insert("c", "192.168.0.0/16");
        Insert("d", "192.95.5.64/27");
        Insert("c", "192.95.5.65/27");
        Insert("d", "2607:5300:6000:6b00::c05f:543/128");
        Insert("c", "2607:5300:6000:6b00::/64");
        Insert("e", "0.0.0.0/0", "::/0");
        Insert("f", "::/0");
        Insert("g", "2404:6800::/32");
        Insert("h", "2404:6800:4004:800:dead:beef:dead:beef/64");
        Insert("a", "2404:6800:4004:800:dead:beef:dead:beef/128");
        Insert("c", "2444:6800:40e4:800:deae:beef:def:beef/128");
        Insert("b", "2444:6800:f0e4:800:eeae:beef::/98");
        Insert("g", "64.15.112.0/20");
        Insert("h", "64.15.123.211/25");
        Insert("a", "10.0.0.0/25");
        Insert("b", "10.0.0.128/25");
        Insert("a", "10.1.0.0/30");
        Insert("b", "10.1.0.4/30");
        Insert("c", "10.1.0.8/29");
        Insert("d", "10.1.0.16/29");
    }

    private void Insert(string owner, params string[] prefixes)
    {
        foreach (string text in prefixes)
        {
            Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix), text);
            _table.Insert(prefix, _owners[owner]);
        }
    }

    private TestOwner? Lookup(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address), text);
        return _table.Lookup(address);
    }
}
