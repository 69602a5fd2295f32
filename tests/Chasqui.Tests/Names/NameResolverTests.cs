using Chasqui.Core.Config;
using Chasqui.Names;

namespace Chasqui.Tests.Names;

/// <summary>Only what the C library answers without asking anybody.</summary>
public sealed class NameResolverTests
{
    [Theory]
    [InlineData("192.0.2.1:5")]
    [InlineData("[2001:db8::1]:5")]
    public void AnAddressIsItselfForEver(string text)
    {
        NameAnswer answer = Resolve(text);

        Assert.Equal(text, Assert.Single(answer.Addresses).ToString());
        Assert.Equal(TimeSpan.MaxValue, answer.TimeToLive);
        Assert.Null(answer.Failure);
    }

    [Fact]
    public void AFailureIsSaidInTheLibrarysWords()
    {
        NameAnswer answer = Resolve("[::1::2]:5");

        Assert.Empty(answer.Addresses);
        Assert.False(string.IsNullOrEmpty(answer.Failure));
    }

    private static NameAnswer Resolve(string text)
    {
        Assert.True(EndpointName.TryParse(text, out EndpointName name));
        return NameResolver.Resolve(name);
    }
}
