using Chasqui.Linux.Interop;

namespace Chasqui.Linux;

/// <summary>One alarm on the clock of <see cref="BootClock.Now"/> that a thread waiting in <see cref="Poller"/> can see.</summary>
/// <remarks>
/// Source: timerfd_create(2). After a sleep of the machine an alarm that is overdue fires at once (CLOCK_BOOTTIME runs on; it does
/// not wake the machine). Threads: any; the last call wins.
/// </remarks>
public sealed class BootTimer : IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Makes a timer that is not armed.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public BootTimer() => Descriptor = FileDescriptor.FromResult(
        Libc.timerfd_create(Libc.CLOCK_BOOTTIME, Libc.TFD_CLOEXEC | Libc.TFD_NONBLOCK), "timerfd_create");

    /// <summary>Readable from the alarm until <see cref="Clear"/>, <see cref="ArmAt"/> or <see cref="Disarm"/>.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Sets the alarm, replacing an earlier one.</summary>
    /// <param name="nanoseconds">A reading of <see cref="BootClock.Now"/>; one that has passed, or is not positive, fires at once.</param>
    public void ArmAt(long nanoseconds)
    {
        // All zeros would disarm.
        long at = Math.Max(nanoseconds, 1);
        Set(at / NanosecondsPerSecond, at % NanosecondsPerSecond);
    }

    /// <summary>Takes the alarm back; what has fired and was not cleared is gone too.</summary>
    public void Disarm() => Set(0, 0);

    /// <summary>Takes note of the alarm.</summary>
    /// <returns>Whether it had fired.</returns>
    public unsafe bool Clear()
    {
        ulong expirations;
        return Libc.read(Descriptor, (byte*)&expirations, sizeof(ulong)) == sizeof(ulong);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private unsafe void Set(long seconds, long nanoseconds)
    {
        Libc.itimerspec value = default;
        value.it_value.tv_sec = (nint)seconds;
        value.it_value.tv_nsec = (nint)nanoseconds;
        _ = LinuxException.Check(Libc.timerfd_settime(Descriptor, Libc.TFD_TIMER_ABSTIME, &value, null), "timerfd_settime");
    }
}
