using Chasqui.Core.Timers;

namespace Chasqui.Core.Tests.Timers;

public sealed class DeadlineTableTests
{
    private static readonly TimerKind[] Kinds = Enum.GetValues<TimerKind>();

    [Fact]
    public void AStoppedTableHasNoDeadline()
    {
        DeadlineTable table = DeadlineTable.Stopped();

        Assert.Equal(Instant.Never, table.Earliest);
        foreach (TimerKind kind in Kinds)
        {
            Assert.False(table.IsPending(kind));
            Assert.False(table.TryTake(kind, new Instant(long.MaxValue - 1)));
        }
    }

    [Fact]
    public void TheEarliestOfAllIsTheTables()
    {
        DeadlineTable table = DeadlineTable.Stopped();
        for (int i = Kinds.Length - 1; i >= 0; i--)
        {
            table.Set(Kinds[i], new Instant(100 + i));
            Assert.Equal(new Instant(100 + i), table.Earliest);
        }

        table.Stop(Kinds[0]);
        Assert.Equal(new Instant(101), table.Earliest);
    }

    [Fact]
    public void ATimerIsTakenOnceItsDeadlineHasComeAndOnlyOnce()
    {
        foreach (TimerKind kind in Kinds)
        {
            DeadlineTable table = DeadlineTable.Stopped();
            table.Set(kind, new Instant(100));
            Assert.False(table.TryTake(kind, new Instant(99)));
            Assert.True(table.TryTake(kind, new Instant(100)));
            Assert.False(table.TryTake(kind, new Instant(101)));
            Assert.Equal(Instant.Never, table.Earliest);
        }
    }

    [Fact]
    public void OneTimerDoesNotTouchAnother()
    {
        DeadlineTable table = DeadlineTable.Stopped();
        foreach (TimerKind kind in Kinds)
        {
            table.Set(kind, new Instant(50));
        }

        Assert.True(table.TryTake(TimerKind.SendKeepalive, new Instant(60)));
        Assert.All(Kinds.Where(k => k != TimerKind.SendKeepalive), kind => Assert.True(table.IsPending(kind)));
        table.StopAll();
        Assert.All(Kinds, kind => Assert.False(table.IsPending(kind)));
    }
}
