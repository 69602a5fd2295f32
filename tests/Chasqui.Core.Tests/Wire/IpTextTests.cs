using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class IpTextTests
{
    [Theory]
    [InlineData("1.2.3.4")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("fd00::1")]
    [InlineData("2001:db8::8:800:200c:417a")]
    public void AddressesReadBackAsWritten(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4 ")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%2")]
    [InlineData(":::")]
    [InlineData("::0.0.0.01")]
    [InlineData("::ffff:192.0.2.010")]
    public void RefusesWhatInetPtonRefuses(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Theory]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("fd00:1:2:3::4/48", "fd00:1:2::/48")]
    [InlineData("fd00::4/96", "fd00::/96")]
    [InlineData("::1", "::1/128")]
    public void PrefixesLoseTheirHostBits(string text, string expected)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix));
        Assert.Equal(expected, prefix.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("::/129")]
    [InlineData("/8")]
    public void RefusesWrongPrefixes(string text) => Assert.False(IpPrefix.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:51820")]
    [InlineData("[::1]:1")]
    [InlineData("[fe80::1%3]:51820")]
    public void EndpointsReadBackAsWritten(string text)
    {
        Assert.True(IpEndpoint.TryParse(text, out IpEndpoint endpoint));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("[127.0.0.1]:1")]
    [InlineData("::1:51820")]
    [InlineData("[::1]")]
    [InlineData("[fe80::1%eth0]:1")]
    [InlineData(":1")]
    public void RefusesWrongEndpoints(string text) => Assert.False(IpEndpoint.TryParse(text, out _));
}
