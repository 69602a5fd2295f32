using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class EndpointNameTests
{
    [Theory]
    [InlineData("vpn.example.org:51820", "vpn.example.org", 51820)]
    [InlineData("a:1", "a", 1)]
    [InlineData("_srv.x-y.example.:65535", "_srv.x-y.example.", 65535)]
    [InlineData("192.0.2.1:5", "192.0.2.1", 5)]
    [InlineData("[fe80::1%eth0]:5", "fe80::1%eth0", 5)]
    public void ReadsAndWritesTheSame(string text, string host, int port)
    {
        Assert.True(EndpointName.TryParse(text, out EndpointName name));
        Assert.Equal((host, port), (name.Host, name.Port));
        Assert.Equal(text, name.ToString());
        Assert.False(name.IsNone);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("a")]
    [InlineData("a:")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:+1")]
    [InlineData("a: 1")]
    [InlineData("a b:1")]
    [InlineData("a\n:1")]
    [InlineData("a\0:1")]
    [InlineData("$(x):1")]
    [InlineData("a;b:1")]
    [InlineData("-a:1")]
    [InlineData("ä.example:1")]
    [InlineData("fd00::1:1")]
    [InlineData("[a]:1")]
    [InlineData("[]:1")]
    [InlineData("a%lo:1")]
    public void RefusesWhatCannotBeAName(string text)
    {
        Assert.False(EndpointName.TryParse(text, out EndpointName name));
        Assert.True(name.IsNone);
        Assert.Equal("", name.ToString());
    }

    [Fact]
    public void TheLongestHas255Characters()
    {
        Assert.True(EndpointName.TryParse(new string('a', 249) + ":51820", out _));
        Assert.False(EndpointName.TryParse(new string('a', 250) + ":51820", out _));
        Assert.False(EndpointName.TryMake(new string('a', 5000), 1, out _));
    }
}
