using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sys/resource.h, sys/mman.h.</content>
internal static unsafe partial class Libc
{
    internal const int RLIMIT_CORE = 4;
    internal const int RLIMIT_MEMLOCK = 8;

    internal const int MADV_DONTDUMP = 16;

    internal const int PROT_WRITE = 2;
    internal const int PROT_EXEC = 4;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getrlimit(int resource, rlimit* limit);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setrlimit(int resource, rlimit* limit);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mlock(void* address, nuint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int madvise(void* address, nuint length, int advice);

    [StructLayout(LayoutKind.Sequential)]
    internal struct rlimit
    {
        internal ulong rlim_cur;
        internal ulong rlim_max;
    }
}
