using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sys/timerfd.h.</content>
internal static unsafe partial class Libc
{
    internal const int TFD_NONBLOCK = O_NONBLOCK;
    internal const int TFD_CLOEXEC = O_CLOEXEC;
    internal const int TFD_TIMER_ABSTIME = 1;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int timerfd_create(int clock, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int timerfd_settime(FileDescriptor fd, int flags, itimerspec* value, itimerspec* old);

    [StructLayout(LayoutKind.Sequential)]
    internal struct itimerspec
    {
        internal timespec it_interval;
        internal timespec it_value;
    }
}
