using Chasqui.Core.RouterOs;

namespace Chasqui.Core.Tests.RouterOs;

public sealed class RouterOsTimeTests
{
    [Theory]
    [InlineData("25", 25)]
    [InlineData("25s", 25)]
    [InlineData("0s", 0)]
    [InlineData("1m40s", 100)]
    [InlineData("1w2d3h4m5s", 788645)]
    [InlineData("00:01:40", 100)]
    [InlineData("1d00:01:40", 86500)]
    public void ReadsIntervals(string text, long seconds)
    {
        Assert.True(RouterOsTime.TryReadSeconds(text, out long read));
        Assert.Equal(seconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1s5")]
    [InlineData("500ms")]
    [InlineData("-1")]
    [InlineData("1:2")]
    [InlineData("1:2:3:4")]
    [InlineData("99999999999s")]
    [InlineData("none")]
    public void RefusesAllElse(string text) => Assert.False(RouterOsTime.TryReadSeconds(text, out _));
}
