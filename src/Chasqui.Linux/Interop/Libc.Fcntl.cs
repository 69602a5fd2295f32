using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: fcntl.h, sys/file.h; the O_ numbers are asm-generic's (x86 and arm64 agree on those listed).</content>
internal static partial class Libc
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    internal const int F_GETFD = 1;
    internal const int F_SETFD = 2;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int FD_CLOEXEC = 1;

    internal const int LOCK_SH = 1;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    // SAFETY: open, fcntl and ioctl are variadic in C. The System V x86-64 and AAPCS64 calling conventions of Linux pass
    // such an integer or pointer in the register a named argument would have, so the fixed signature is the same call.
    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fcntl(FileDescriptor fd, int command, nint argument);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int flock(FileDescriptor fd, int operation);
}
