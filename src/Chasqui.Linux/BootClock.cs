using Chasqui.Linux.Interop;

namespace Chasqui.Linux;

/// <summary>The two clocks of the engine.</summary>
/// <remarks>Source: clock_gettime(2). Threads: any. Neither call enters the kernel where the vDSO knows the clock.</remarks>
public static class BootClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Time since boot, including the time the machine slept (CLOCK_BOOTTIME).</summary>
    /// <returns>Nanoseconds; never goes back.</returns>
    public static long Now() => Read(Libc.CLOCK_BOOTTIME);

    /// <summary>Wall time (CLOCK_REALTIME).</summary>
    /// <returns>Nanoseconds since 1970-01-01 UTC without leap seconds; follows the administrator both ways.</returns>
    public static long UnixNanoseconds() => Read(Libc.CLOCK_REALTIME);

    private static unsafe long Read(int clock)
    {
        Libc.timespec now;

        // clock_gettime fails for an unknown clock or a bad pointer; BOOTTIME is as old as Linux 2.6.39.
        _ = Libc.clock_gettime(clock, &now);
        return (now.tv_sec * NanosecondsPerSecond) + now.tv_nsec;
    }
}
