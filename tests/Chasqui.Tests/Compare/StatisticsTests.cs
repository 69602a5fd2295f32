using Chasqui.Compare.Report;

namespace Chasqui.Tests.Compare;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 4, 1, 9, 2 }, 3)]
    public void TheMedianIsInTheMiddle(double[] values, double expected) => Assert.Equal(expected, Statistics.Median(values));

    [Theory]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(99.5, 100)]
    [InlineData(100, 100)]
    [InlineData(0, 1)]
    public void APercentileIsTheNearestRank(double percent, double expected) =>
        Assert.Equal(expected, Statistics.Percentile([.. Enumerable.Range(1, 100).Reverse().Select(i => (double)i)], percent));

    [Fact]
    public void NoValuesHaveNoMedian() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Fact]
    public void ASpreadHasTheExtremes() => Assert.Equal(new Spread(2, 1, 7), Spread.Of([7, 1, 2]));
}
