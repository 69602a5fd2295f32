using Chasqui.Device;

namespace Chasqui.Tests.Device;

public sealed class NetworkErrorsTests
{
    /// <summary>What anybody can send costs the more the more peers there are.</summary>
    [Theory]
    [InlineData(0, 100)]
    [InlineData(5, 100)]
    [InlineData(6, 120)]
    [InlineData(80, 1600)]
    public void ListeningTakesATwentiethOfTheTimeAtMost(int reading, int pause) =>
        Assert.Equal(TimeSpan.FromMilliseconds(pause), NetworkErrors.PauseAfter(TimeSpan.FromMilliseconds(reading)));
}
