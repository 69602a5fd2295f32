namespace Chasqui.Linux.Tests;

public sealed class BootTimerTests
{
    [Fact]
    public void FiresAtItsTimeAndNotBefore()
    {
        using BootTimer timer = new();
        using Poller poller = new(1);
        _ = poller.Add(timer.Descriptor, PollEvents.Read);
        long at = BootClock.Now() + 20_000_000;

        timer.ArmAt(at);

        Assert.Equal(1, poller.Wait(10_000));
        Assert.InRange(BootClock.Now(), at, long.MaxValue);
        Assert.True(timer.Clear());
        Assert.False(timer.Clear());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1)]
    public void AnAlarmInThePastFiresAtOnce(long at)
    {
        using BootTimer timer = new();

        timer.ArmAt(at);

        Assert.Equal(PollEvents.Read, Poller.WaitOne(timer.Descriptor, PollEvents.Read, 10_000));
    }

    [Fact]
    public void DisarmingTakesBackWhatHasFired()
    {
        using BootTimer timer = new();
        timer.ArmAt(1);
        Assert.Equal(PollEvents.Read, Poller.WaitOne(timer.Descriptor, PollEvents.Read, 10_000));

        timer.Disarm();

        Assert.Equal(PollEvents.None, Poller.WaitOne(timer.Descriptor, PollEvents.Read, 0));
    }

    [Fact]
    public void TheLatestDeadlineOfAllIsAccepted()
    {
        using BootTimer timer = new();

        timer.ArmAt(long.MaxValue);

        Assert.Equal(PollEvents.None, Poller.WaitOne(timer.Descriptor, PollEvents.Read, 0));
    }
}
