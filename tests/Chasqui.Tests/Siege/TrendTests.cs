using Chasqui.Siege.Soak;

namespace Chasqui.Tests.Siege;

/// <summary>What counts as growth in a soak.</summary>
public sealed class TrendTests
{
    private const int Samples = 360;

    [Fact]
    public void ALeakIsNoticedThroughNoise() => Assert.False(Of(i => 20 + (i * 0.01) + (i % 7 * 0.3)).IsFlat);

    [Fact]
    public void NoiseAndPeaksAreFlat() => Assert.True(Of(i => 20 + (i % 7 * 0.3) + (i % 50 == 0 ? 30 : 0)).IsFlat);

    [Fact]
    public void TheFirstThirdIsForWarmingUp() => Assert.True(Of(i => Math.Min(i, Samples / 3 * 0.9)).IsFlat);

    [Fact]
    public void WhatFallsIsFlat() => Assert.True(Of(i => 50 - (i * 0.05)).IsFlat);

    [Fact]
    public void OneDescriptorMoreForGoodIsGrowth()
    {
        double[] times = [.. Enumerable.Range(0, Samples).Select(static i => (double)i)];
        double[] leaked = [.. times.Select(static i => 30 + Math.Floor(i / 30))];

        Assert.False(Trend.Of(times, leaked, share: 0, floor: 0.5).IsFlat);
    }

    private static Trend Of(Func<int, double> value)
    {
        double[] times = [.. Enumerable.Range(0, Samples).Select(static i => i * 20.0)];
        return Trend.Of(times, [.. Enumerable.Range(0, Samples).Select(value)], share: 0.05, floor: 1);
    }
}
