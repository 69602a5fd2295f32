using Chasqui.Core.DoS;

namespace Chasqui.Core.Tests.DoS;

public sealed class UnderLoadDetectorTests
{
    private static readonly Instant Start = new(1_000_000_000_000);

    [Theory]
    [InlineData(0, false)]
    [InlineData(511, false)]
    [InlineData(512, true)]
    [InlineData(4096, true)]
    public void BeginsAtTheThreshold(int queued, bool expected) =>
        Assert.Equal(expected, new UnderLoadDetector().Observe(Start, queued));

    [Theory]
    [InlineData(0, true)]
    [InlineData(999_999_999, true)]
    [InlineData(1_000_000_000, false)]
    public void LingersForASecond(long nanosecondsLater, bool expected)
    {
        var detector = new UnderLoadDetector();
        Assert.True(detector.Observe(Start, 512));

        Assert.Equal(expected, detector.Observe(new Instant(Start.Nanoseconds + nanosecondsLater), 511));
    }

    [Fact]
    public void AnotherRushBeginsTheSecondAnew()
    {
        var detector = new UnderLoadDetector();
        Assert.True(detector.Observe(Start, 512));
        Assert.True(detector.Observe(Start + TimeSpan.FromSeconds(0.9), 600));

        Assert.True(detector.Observe(Start + TimeSpan.FromSeconds(1.8), 0));
        Assert.False(detector.Observe(Start + TimeSpan.FromSeconds(1.9), 0));
        Assert.False(detector.Observe(Start + TimeSpan.FromSeconds(1.9), 511));
    }
}
