using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Chasqui.SyscallBench.Interop;

/// <summary>Threads, clocks, files. Source: the headers of the C library named at each.</summary>
/// <remarks>The bench measures calls that the product does not have; so it declares its own, and nothing ships them.</remarks>
internal static unsafe partial class Libc
{
    internal const int EAGAIN = 11;
    internal const int EINTR = 4;
    internal const int O_RDWR = 2;
    internal const int O_NONBLOCK = 0x800;
    internal const int CLONE_NEWNET = 0x40000000;
    internal const short POLLIN = 1;
    internal const int PROT_READ_WRITE = 3;
    internal const int MAP_SHARED_POPULATE = 0x8001;

    private const string Name = "libc";

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(Name)]
    internal static partial int gettid();

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sched_setaffinity(int thread, nuint size, ulong* mask);

    [LibraryImport(Name)]
    internal static partial int clock_gettime(int clock, timespec* time);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int open(byte* path, int flags);

    [LibraryImport(Name)]
    internal static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(int fd, void* buffer, nuint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint write(int fd, void* buffer, nuint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint writev(int fd, iovec* vectors, int count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int poll(pollfd* fds, nuint count, int milliseconds);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Name)]
    internal static partial int munmap(void* address, nuint length);

    /// <summary>CPU time of one thread of this process, in nanoseconds. Source: CPUCLOCK_PERTHREAD and CPUCLOCK_SCHED of the kernel.</summary>
    internal static long ThreadTime(int thread)
    {
        timespec time;
        return clock_gettime((~thread << 3) | 6, &time) == 0 ? (time.tv_sec * 1_000_000_000L) + time.tv_nsec : 0;
    }

    /// <summary>Binds the calling thread to one core.</summary>
    internal static void Pin(int core)
    {
        ulong mask = 1UL << core;
        Check(sched_setaffinity(0, sizeof(ulong), &mask), "sched_setaffinity");
    }

    internal static int Check(nint result, string call) =>
        result >= 0 ? (int)result : throw new IOException($"{call}: errno {Marshal.GetLastPInvokeError()}");

    [StructLayout(LayoutKind.Sequential)]
    internal struct timespec
    {
        internal long tv_sec;
        internal long tv_nsec;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct pollfd
    {
        internal int fd;
        internal short events;
        internal short revents;
    }
}
