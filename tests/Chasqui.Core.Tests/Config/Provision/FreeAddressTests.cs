using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config.Provision;

public sealed class FreeAddressTests
{
    [Theory]
    [InlineData("10.8.0.1/24", "", "10.8.0.2/24")]
    [InlineData("10.8.0.1/24", "10.8.0.2/32", "10.8.0.3/24")]
    [InlineData("10.8.0.1/24", "10.8.0.3/32", "10.8.0.2/24")]
    [InlineData("10.8.0.1/24", "10.8.0.2/31,10.8.0.4/30", "10.8.0.8/24")]
    [InlineData("10.8.0.5/24", "", "10.8.0.6/24")]
    [InlineData("10.8.0.254/24", "", "10.8.0.1/24")] // above the hub is the broadcast address only
    [InlineData("10.8.0.1/24", "0.0.0.0/0", "10.8.0.2/24")]
    [InlineData("10.8.0.1/24", "10.8.0.0/24", "10.8.0.2/24")] // covers it all: no single address is anybody's
    [InlineData("10.8.0.1/24", "10.9.0.2/32,fd00::2/128", "10.8.0.2/24")]
    [InlineData("10.8.0.1/30", "", "10.8.0.2/30")]
    [InlineData("10.8.0.0/31", "", "10.8.0.1/31")]
    [InlineData("10.8.0.1/31", "", "10.8.0.0/31")]
    [InlineData("0.0.0.1/0", "", "0.0.0.2/0")]
    [InlineData("fd00::1/64", "", "fd00::2/64")]
    [InlineData("fd00::/64", "", "fd00::1/64")]
    [InlineData("fd00::1/64", "fd00::2/127,fd00::4/126", "fd00::8/64")]
    [InlineData("fd00::ffff:ffff:ffff:ffff/64", "", "fd00::1/64")]
    [InlineData("10.8.0.1/24,fd00::1/64", "10.8.0.2/32", "10.8.0.3/24,fd00::2/64")]
    [InlineData("10.8.0.1/24,fd00::1/128", "", "10.8.0.2/24")]
    [InlineData("10.8.0.1/30,10.9.0.1/24", "10.8.0.2/32", "10.9.0.2/24")]
    public void FindsTheFirstFreeHost(string hub, string taken, string expected) =>
        Assert.Equal(expected, string.Join(',', FreeAddress.Find(Addresses(hub), Prefixes(taken))));

    [Theory]
    [InlineData("10.8.0.1/30", "10.8.0.2/32", "10.8.0.0/30 has no free address left; remove a peer, or give --address.")]
    [InlineData("10.8.0.1/24", "10.8.0.0/25,10.8.0.128/25", "10.8.0.0/24 has no free address left; remove a peer, or give --address.")]
    [InlineData("10.8.0.1/32", "", "10.8.0.1/32 is one address and no network to take another from; give --address.")]
    [InlineData("", "", "the interface has no Address; add one, or say which address the peer has with --address.")]
    [InlineData("10.8.0.1/24,fd00::/127", "fd00::1/128", "fd00::/127 has no free address left; remove a peer, or give --address.")]
    public void SaysWhenThereIsNone(string hub, string taken, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ConfigException>(() => FreeAddress.Find(Addresses(hub), Prefixes(taken))).Message);

    [Fact]
    public void GivesEachOfAWholeNetworkToOnePeerAndThenIsFull()
    {
        List<IpPrefix> taken = [];
        for (int i = 0; i < 253; i++)
        {
            QuickAddress address = Assert.Single(FreeAddress.Find(Addresses("10.8.0.100/24"), taken));
            Assert.DoesNotContain(new IpPrefix(address.Address, 32), taken);
            Assert.NotEqual("10.8.0.100", address.Address.ToString());
            taken.Add(new IpPrefix(address.Address, 32));
        }

        Assert.DoesNotContain(taken, static prefix => prefix.ToString() is "10.8.0.0/32" or "10.8.0.255/32");
        Assert.Throws<ConfigException>(() => FreeAddress.Find(Addresses("10.8.0.100/24"), taken));
    }

    internal static IReadOnlyList<QuickAddress> Addresses(string text) => text.Length == 0 ? [] : ClientValues.ReadAddresses(text);

    private static IpPrefix[] Prefixes(string text) => Array.ConvertAll(text.Split(',', StringSplitOptions.RemoveEmptyEntries), static word =>
    {
        Assert.True(IpPrefix.TryParse(word, out IpPrefix prefix), word);
        return prefix;
    });
}
