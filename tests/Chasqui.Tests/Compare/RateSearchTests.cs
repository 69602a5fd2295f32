using Chasqui.Compare.Measures;

namespace Chasqui.Tests.Compare;

public sealed class RateSearchTests
{
    [Theory]
    [InlineData(37)]
    [InlineData(500)]
    [InlineData(4321)]
    [InlineData(3)]
    public void FindsTheLimitOfAPathWithinItsStep(double limit)
    {
        FoundRate found = RateSearch.Find(start: 20, growth: 2, step: 0.05, mostProbes: 40, rate => Path(rate, limit));

        Assert.InRange(found.Goodput, limit / 1.06, limit);
        Assert.InRange(found.Step, 0, 0.0501);
        Assert.False(found.IsSenderLimited);
    }

    [Fact]
    public void NeedsFewProbesNearAKnownRate()
    {
        int probes = 0;
        FoundRate found = RateSearch.Find(1000, 1.15, 0.06, 20, rate =>
        {
            probes++;
            return Path(rate, 1050);
        });

        Assert.InRange(found.Goodput, 980, 1050);
        Assert.InRange(probes, 2, 5);
    }

    [Fact]
    public void OneDisturbedProbeDoesNotLowerTheResult()
    {
        int probes = 0;

        FoundRate found = RateSearch.Find(20, 2, 0.05, 40, rate => ++probes == 3 ? new RateProbe(rate, rate * 0.98, 0.02) : Path(rate, 1000));

        Assert.InRange(found.Goodput, 940, 1000);
    }

    [Fact]
    public void SaysThatTheSenderWasTheLimit()
    {
        FoundRate found = RateSearch.Find(20, 2, 0.05, 40, rate => new RateProbe(Math.Min(rate, 300), Math.Min(rate, 300), 0));

        Assert.True(found.IsSenderLimited);
        Assert.Equal(300, found.Goodput);
        Assert.Equal(double.PositiveInfinity, found.Step);
    }

    [Fact]
    public void ASenderThatIsHeldUpOnceIsNotTheLimit()
    {
        int probes = 0;

        FoundRate found = RateSearch.Find(20, 2, 0.05, 40, rate => Path(++probes == 2 ? rate * 0.3 : rate, 1000));

        Assert.False(found.IsSenderLimited);
        Assert.InRange(found.Goodput, 940, 1000);
    }

    [Fact]
    public void FindsNothingWhereEverythingIsLost()
    {
        FoundRate found = RateSearch.Find(20, 2, 0.05, 10, rate => new RateProbe(rate, 0, 1));

        Assert.Equal(0, found.Goodput);
        Assert.False(found.IsSenderLimited);
    }

    [Fact]
    public void EndsWhenItsProbesAreUsedUp()
    {
        int probes = 0;
        RateSearch.Find(1, 2, 0.000001, 7, rate =>
        {
            probes++;
            return Path(rate, 50);
        });

        Assert.Equal(7, probes);
    }

    /// <summary>A path that carries so much and drops the rest.</summary>
    private static RateProbe Path(double rate, double limit) => new(rate, Math.Min(rate, limit), rate <= limit ? 0 : 1 - (limit / rate));
}
