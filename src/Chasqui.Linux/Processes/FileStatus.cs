using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>Who owns a file and who may do what with it.</summary>
/// <param name="OwnerId">The owner's user number; 0 is root.</param>
/// <param name="GroupId">The group's number.</param>
/// <param name="Mode">The permission bits, with set-user, set-group and sticky: octal 7777.</param>
public readonly record struct FileStatus(uint OwnerId, uint GroupId, UnixFileMode Mode)
{
    /// <summary>Reads the status of a file, following links.</summary>
    /// <exception cref="LinuxException">ENOENT and the like.</exception>
    public static unsafe FileStatus Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Libc.statx_t stat;
        const uint Wanted = Libc.STATX_MODE | Libc.STATX_UID | Libc.STATX_GID;
        _ = LinuxException.Check(Libc.statx(Libc.AT_FDCWD, path, 0, Wanted, &stat), "statx", path);
        return new FileStatus(stat.stx_uid, stat.stx_gid, (UnixFileMode)(stat.stx_mode & 0xFFF));
    }
}
