using System.Globalization;

namespace Chasqui.Linux.Tests;

public sealed class BootClockTests
{
    [Fact]
    public void AgreesWithTheKernelsUptime()
    {
        long before = BootClock.Now();
        string uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
        long after = BootClock.Now();

        // /proc/uptime has hundredths of a second.
        double seconds = double.Parse(uptime, CultureInfo.InvariantCulture);
        Assert.InRange(seconds, (before / 1e9) - 0.02, (after / 1e9) + 0.02);
    }

    [Fact]
    public void NeverGoesBack()
    {
        long last = 0;
        for (int i = 0; i < 10_000; i++)
        {
            long now = BootClock.Now();
            Assert.True(now >= last, $"{now} after {last}");
            last = now;
        }
    }

    [Fact]
    public void WallTimeIsTheFrameworks()
    {
        long before = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        long now = BootClock.UnixNanoseconds();
        long after = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

        Assert.InRange(now, before - 1_000_000, after + 1_000_000);
    }
}
