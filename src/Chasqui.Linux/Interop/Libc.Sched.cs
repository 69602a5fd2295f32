using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sched.h.</content>
internal static partial class Libc
{
    internal const int CLONE_THREAD = 0x10000;
    internal const int CLONE_NEWNET = 0x40000000;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setns(FileDescriptor fd, int type);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int unshare(int flags);
}
