using Chasqui.Core.Timers;

namespace Chasqui.Core.Tests.Timers;

public sealed class NameTimerTests
{
    private static readonly Instant Start = new(1_000_000_000_000);

    [Fact]
    public void ANewNameIsAskedForAtOnceAndOnlyOnce()
    {
        var timer = new NameTimer(Start);

        Assert.True(timer.TryTake(Start));
        Assert.True(timer.IsAsking);
        Assert.Equal(Instant.Never, timer.Due);
        Assert.False(timer.TryTake(Start + TimeSpan.FromDays(9)));
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(29, 30)]
    [InlineData(31, 31)]
    [InlineData(3599, 3599)]
    [InlineData(86400, 3600)]
    public void AnAnswerIsGoodForItsTimeToLiveWithinBounds(int timeToLive, int expected)
    {
        NameTimer timer = Asked();
        timer.Resolved(Start, TimeSpan.FromSeconds(timeToLive));

        Assert.Equal(Start + TimeSpan.FromSeconds(expected), timer.Due);
        Assert.False(timer.IsAsking);
    }

    [Fact]
    public void AfterAFailureTheWaitGrowsFromOneSecondToAMinute()
    {
        NameTimer timer = Asked();
        List<double> waits = [];
        Instant now = Start;
        for (int i = 0; i < 40; i++)
        {
            TimeSpan wait = timer.Failed(now, hasAddresses: false);
            Assert.Equal(now + wait, timer.Due);
            waits.Add(wait.TotalSeconds);
            now = timer.Due;
            Assert.True(timer.TryTake(now));
        }

        Assert.Equal([1, 1.2, 1.44, 1.728], waits.Take(4));
        Assert.Equal([60, 60], waits.TakeLast(2));
    }

    [Fact]
    public void ARefreshThatFailsIsInNoHurry()
    {
        NameTimer timer = Asked();

        Assert.Equal(TimeSpan.FromSeconds(30), timer.Failed(Start, hasAddresses: true));
    }

    [Fact]
    public void AnAnswerEndsTheGrowth()
    {
        NameTimer timer = Asked();
        timer.Failed(Start, hasAddresses: false);
        timer.Failed(Start, hasAddresses: false);
        timer.Resolved(Start, default);

        Assert.Equal(TimeSpan.FromSeconds(1), timer.Failed(Start, hasAddresses: false));
    }

    [Fact]
    public void AFailedHandshakeAsksAtOnceIfTheLastQuestionIsOldEnough()
    {
        NameTimer timer = Asked();
        timer.Resolved(Start, TimeSpan.FromHours(1));
        timer.HandshakeFailed(Start + TimeSpan.FromSeconds(100));

        Assert.Equal(Start + TimeSpan.FromSeconds(100), timer.Due);
    }

    [Fact]
    public void FailedHandshakesAskLessAndLessOftenUntilOneSucceeds()
    {
        NameTimer timer = Asked();
        Instant now = Start;
        List<double> gaps = [];
        for (int i = 0; i < 7; i++)
        {
            timer.Resolved(now, TimeSpan.FromHours(1));
            timer.HandshakeFailed(now + TimeSpan.FromSeconds(1));
            gaps.Add((timer.Due - now).TotalSeconds);
            now = timer.Due;
            Assert.True(timer.TryTake(now));
        }

        Assert.Equal([5, 10, 20, 40, 60, 60, 60], gaps);
        timer.HandshakeComplete();
        timer.Resolved(now, TimeSpan.FromHours(1));
        timer.HandshakeFailed(now);
        Assert.Equal(now + TimeSpan.FromSeconds(5), timer.Due);
    }

    [Fact]
    public void AFailedHandshakeNeverPutsAQuestionOff()
    {
        NameTimer timer = Asked();
        timer.Failed(Start, hasAddresses: false);
        Instant due = timer.Due;
        timer.HandshakeFailed(Start);

        Assert.Equal(due, timer.Due);
    }

    [Fact]
    public void WhileTheResolverThinksAFailedHandshakeAsksNoMore()
    {
        NameTimer timer = Asked();
        timer.HandshakeFailed(Start + TimeSpan.FromSeconds(50));

        Assert.Equal(Instant.Never, timer.Due);
    }

    private static NameTimer Asked()
    {
        var timer = new NameTimer(Start);
        Assert.True(timer.TryTake(Start));
        return timer;
    }
}
