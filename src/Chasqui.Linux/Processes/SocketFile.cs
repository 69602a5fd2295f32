using System.Text;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>The name of a UNIX socket in the file system.</summary>
internal static unsafe class SocketFile
{
    /// <summary>What tells one file from another of the same name.</summary>
    internal readonly record struct Identity(uint DeviceMajor, uint DeviceMinor, ulong Inode, bool IsSocket);

    internal static bool TryGetIdentity(string path, out Identity identity)
    {
        Libc.statx_t stat;
        identity = default;
        if (Libc.statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE | Libc.STATX_INO, &stat) < 0)
            return false;

        bool isSocket = (stat.stx_mode & Libc.S_IFMT) == Libc.S_IFSOCK;
        identity = new Identity(stat.stx_dev_major, stat.stx_dev_minor, stat.stx_ino, isSocket);
        return true;
    }

    internal static FileDescriptor OpenSocket() => FileDescriptor.FromResult(
        Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0), "socket", "unix");

    /// <summary>A path as a socket address, ending in a zero byte.</summary>
    /// <exception cref="LinuxException">ENAMETOOLONG: it has more than 107 bytes.</exception>
    internal static Libc.sockaddr_un Address(string path)
    {
        Libc.sockaddr_un address = new() { sun_family = Libc.AF_UNIX };
        Span<byte> room = new(address.sun_path, Libc.SunPathBytes - 1);
        if (Encoding.UTF8.GetByteCount(path) > room.Length)
            throw new LinuxException("bind", path, Errno.ENAMETOOLONG);
        _ = Encoding.UTF8.GetBytes(path, room);
        return address;
    }
}
