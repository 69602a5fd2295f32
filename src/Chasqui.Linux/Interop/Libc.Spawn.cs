using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: spawn.h, signal.h and sys/wait.h. The opaque types are given more room than any C library needs.</content>
internal static unsafe partial class Libc
{
    internal const short POSIX_SPAWN_SETSIGDEF = 0x4;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x8;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn(
        int* pid, string path, posix_spawn_file_actions_t* actions, posix_spawnattr_t* attributes, nint* arguments, nint* environment);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_init(posix_spawn_file_actions_t* actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t* actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* actions, int from, int to);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addopen(
        posix_spawn_file_actions_t* actions, int fd, string path, int flags, uint mode);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_init(posix_spawnattr_t* attributes);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_destroy(posix_spawnattr_t* attributes);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setflags(posix_spawnattr_t* attributes, short flags);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigdefault(posix_spawnattr_t* attributes, sigset_t* signals);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigmask(posix_spawnattr_t* attributes, sigset_t* signals);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sigemptyset(sigset_t* signals);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sigfillset(sigset_t* signals);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int waitpid(int pid, int* status, int options);

    [StructLayout(LayoutKind.Sequential)]
    internal struct posix_spawn_file_actions_t
    {
        private fixed ulong _opaque[16];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct posix_spawnattr_t
    {
        private fixed ulong _opaque[64];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct sigset_t
    {
        private fixed ulong _opaque[16];
    }
}
