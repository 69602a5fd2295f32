using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("mtu", "MTU", 0)]
    [InlineData("", "MTU", 3)]
    [InlineData("MTU", "MT", 1)]
    [InlineData("MUT", "MTU", 1)]
    [InlineData("MXU", "MTU", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void IsTheSameBothWays(string left, string right, int distance)
    {
        Assert.Equal(distance, EditDistance.Between(left, right));
        Assert.Equal(distance, EditDistance.Between(right, left));
    }
}
