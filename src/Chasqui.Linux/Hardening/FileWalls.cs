using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>Keeps the calling thread, and whatever it starts, from writing, making and removing files.</summary>
/// <remarks>
/// Source: landlock(7). Reading stays as it is, and so does what is open already. Root without capabilities still owns root's files;
/// this is what keeps it out of them. The kernel asks for PR_SET_NO_NEW_PRIVS first.
/// </remarks>
internal static unsafe class FileWalls
{
    private const ulong Always = Libc.LANDLOCK_ACCESS_FS_WRITE_FILE | Libc.LANDLOCK_ACCESS_FS_REMOVE_DIR | Libc.LANDLOCK_ACCESS_FS_REMOVE_FILE
        | Libc.LANDLOCK_ACCESS_FS_MAKE_CHAR | Libc.LANDLOCK_ACCESS_FS_MAKE_DIR | Libc.LANDLOCK_ACCESS_FS_MAKE_REG
        | Libc.LANDLOCK_ACCESS_FS_MAKE_SOCK | Libc.LANDLOCK_ACCESS_FS_MAKE_FIFO | Libc.LANDLOCK_ACCESS_FS_MAKE_BLOCK
        | Libc.LANDLOCK_ACCESS_FS_MAKE_SYM;

    // The version of the interface that brought each. Source: landlock(7), "VERSIONS".
    private const int ReferVersion = 2;
    private const int TruncateVersion = 3;
    private const int DeviceControlVersion = 5;
    private const int ScopeVersion = 6;

    /// <summary>Builds the walls.</summary>
    /// <param name="removableIn">Folders in which files may be removed still; those that are not there are passed over.</param>
    /// <returns>Whether the kernel has them (since 5.13, if they are configured).</returns>
    internal static bool TryBuild(IReadOnlyList<string> removableIn)
    {
        nint version = Libc.syscall(Libc.__NR_landlock_create_ruleset, null, 0, Libc.LANDLOCK_CREATE_RULESET_VERSION, 0);
        if (version <= 0)
            return false;

        Libc.landlock_ruleset_attr attributes = Attributes((int)version);
        nuint size = version >= ScopeVersion ? (nuint)sizeof(Libc.landlock_ruleset_attr) : sizeof(ulong);
        nint number = Libc.syscall(Libc.__NR_landlock_create_ruleset, &attributes, size, 0, 0);
        if (number < 0)
            return false;

        using FileDescriptor ruleset = new((int)number);
        Allow(ruleset, "/dev/null", Libc.LANDLOCK_ACCESS_FS_WRITE_FILE);
        foreach (string folder in removableIn)
            Allow(ruleset, folder, Libc.LANDLOCK_ACCESS_FS_REMOVE_FILE);
        return Libc.syscall(Libc.__NR_landlock_restrict_self, ruleset, 0, null, 0) == 0;
    }

    private static Libc.landlock_ruleset_attr Attributes(int version) => new()
    {
        handled_access_fs = Always
            | (version >= ReferVersion ? Libc.LANDLOCK_ACCESS_FS_REFER : 0)
            | (version >= TruncateVersion ? Libc.LANDLOCK_ACCESS_FS_TRUNCATE : 0)
            | (version >= DeviceControlVersion ? Libc.LANDLOCK_ACCESS_FS_IOCTL_DEV : 0),
        _scoped = version >= ScopeVersion ? Libc.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | Libc.LANDLOCK_SCOPE_SIGNAL : 0,
    };

    private static void Allow(FileDescriptor ruleset, string path, ulong access)
    {
        int fd = Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return;

        using FileDescriptor parent = new(fd);
        Libc.landlock_path_beneath_attr rule = new() { allowed_access = access, parent_fd = fd };
        if (Libc.syscall(Libc.__NR_landlock_add_rule, ruleset, Libc.LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
            throw new LinuxException("landlock_add_rule", path, Marshal.GetLastPInvokeError());
    }
}
