using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: linux/landlock.h, landlock(7); the three calls have the same numbers everywhere (asm-generic/unistd.h).</content>
internal static unsafe partial class Libc
{
    internal const int O_PATH = 0x200000;

    internal const nint __NR_landlock_create_ruleset = 444;
    internal const nint __NR_landlock_add_rule = 445;
    internal const nint __NR_landlock_restrict_self = 446;

    internal const uint LANDLOCK_CREATE_RULESET_VERSION = 1;
    internal const int LANDLOCK_RULE_PATH_BENEATH = 1;

    internal const ulong LANDLOCK_ACCESS_FS_WRITE_FILE = 1 << 1;
    internal const ulong LANDLOCK_ACCESS_FS_REMOVE_DIR = 1 << 4;
    internal const ulong LANDLOCK_ACCESS_FS_REMOVE_FILE = 1 << 5;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_CHAR = 1 << 6;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_DIR = 1 << 7;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_REG = 1 << 8;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_SOCK = 1 << 9;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_FIFO = 1 << 10;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_BLOCK = 1 << 11;
    internal const ulong LANDLOCK_ACCESS_FS_MAKE_SYM = 1 << 12;
    internal const ulong LANDLOCK_ACCESS_FS_REFER = 1 << 13;
    internal const ulong LANDLOCK_ACCESS_FS_TRUNCATE = 1 << 14;
    internal const ulong LANDLOCK_ACCESS_FS_IOCTL_DEV = 1 << 15;

    internal const ulong LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0;
    internal const ulong LANDLOCK_SCOPE_SIGNAL = 1 << 1;

    // SAFETY: variadic in C, and the same call as with named arguments; see open.
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint syscall(nint number, void* argument1, nuint argument2, nuint argument3, nuint argument4);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint syscall(nint number, FileDescriptor fd, nuint argument2, void* argument3, nuint argument4);

    /// <summary>As it is since version 6 of the interface; older kernels take the beginning.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct landlock_ruleset_attr
    {
        internal ulong handled_access_fs;
        internal ulong _handled_access_net;
        internal ulong _scoped;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct landlock_path_beneath_attr
    {
        internal ulong allowed_access;
        internal int parent_fd;
    }
}
