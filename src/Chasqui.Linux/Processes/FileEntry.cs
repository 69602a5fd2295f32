using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>What a name of the file system stands for itself, a symbolic link not followed; or what a descriptor has open.</summary>
/// <param name="DeviceMajor">With the two that follow: what tells it from all others.</param>
/// <param name="DeviceMinor">See there.</param>
/// <param name="Inode">See there.</param>
/// <param name="Type">One of C's S_IF numbers.</param>
/// <param name="Status">Whose it is.</param>
internal readonly record struct FileEntry(uint DeviceMajor, uint DeviceMinor, ulong Inode, int Type, FileStatus Status)
{
    private const uint Wanted = Libc.STATX_TYPE | Libc.STATX_MODE | Libc.STATX_UID | Libc.STATX_GID | Libc.STATX_INO;

    internal bool IsRegular => Type == Libc.S_IFREG;

    internal bool IsLink => Type == Libc.S_IFLNK;

    /// <summary>Whether another one is the same file, whoever it has been given to meanwhile.</summary>
    internal bool IsSame(in FileEntry other) => (DeviceMajor, DeviceMinor, Inode) == (other.DeviceMajor, other.DeviceMinor, other.Inode);

    /// <summary>Looks a name up.</summary>
    /// <exception cref="LinuxException">ENOENT and the like.</exception>
    internal static unsafe FileEntry Of(string path)
    {
        Libc.statx_t stat;
        _ = LinuxException.Check(Libc.statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Wanted, &stat), "statx", path);
        return Of(stat);
    }

    /// <summary>Looks a name up, unless there is no such name or it is not ours to see.</summary>
    internal static unsafe bool TryGet(string path, out FileEntry entry)
    {
        Libc.statx_t stat;
        bool isThere = Libc.statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Wanted, &stat) == 0;
        entry = isThere ? Of(stat) : default;
        return isThere;
    }

    /// <summary>Asks about an open file.</summary>
    /// <exception cref="LinuxException">EBADF.</exception>
    internal static unsafe FileEntry Of(FileDescriptor descriptor)
    {
        Libc.statx_t stat;
        _ = LinuxException.Check(Libc.statx(descriptor.DangerousFd, "", Libc.AT_EMPTY_PATH, Wanted, &stat), "statx");
        return Of(stat);
    }

    private static FileEntry Of(in Libc.statx_t stat) => new(
        stat.stx_dev_major,
        stat.stx_dev_minor,
        stat.stx_ino,
        stat.stx_mode & Libc.S_IFMT,
        new FileStatus(stat.stx_uid, stat.stx_gid, (UnixFileMode)(stat.stx_mode & 0xFFF)));
}
