using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>A listening UNIX stream socket.</summary>
/// <remarks>Source: unix(7). Never blocks; <see cref="Descriptor"/> is readable when somebody waits. Threads: one.</remarks>
public sealed unsafe class UnixListener : IDisposable
{
    private const int Backlog = 16;
    private const uint OwnerOnly = 0x180; // 0600
    private const uint OwnerAndGroup = 0x1B0; // 0660
    private const uint SameOwner = uint.MaxValue; // (uid_t) -1
    private const uint OwnerWrites = 0x1ED; // 0755

    private readonly SocketFile.Identity? _identity;

    private UnixListener(FileDescriptor descriptor, string path, SocketFile.Identity? identity)
    {
        Descriptor = descriptor;
        Path = path;
        _identity = identity;
    }

    /// <summary>For <see cref="Poller"/>: readable when a connection waits.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Where it is in the file system; empty for a descriptor that was handed over.</summary>
    public string Path { get; }

    /// <summary>Listens on a path, for its owner only (mode 0600), and makes its directory (mode 0755) if there is none.</summary>
    /// <remarks>
    /// The mode is given to the socket before it has a name, so that it never has a wider one, and the umask, which belongs to the
    /// whole process, is left alone. A socket that nobody listens on any more is replaced.
    /// </remarks>
    /// <exception cref="LinuxException">
    /// EADDRINUSE: somebody listens there, or it is not a socket. ENAMETOOLONG: more than 107 bytes. EACCES and the like.
    /// </exception>
    public static UnixListener Bind(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Libc.sockaddr_un address = SocketFile.Address(path);
        MakeDirectory(System.IO.Path.GetDirectoryName(path));
        FileDescriptor descriptor = SocketFile.OpenSocket();
        try
        {
            _ = LinuxException.Check(Libc.fchmod(descriptor, OwnerOnly), "fchmod", path);
            if (!TryBind(descriptor, address, path))
            {
                RemoveIfDead(path, address);
                if (!TryBind(descriptor, address, path))
                    throw new LinuxException("bind", path, Errno.EADDRINUSE);
            }

            _ = LinuxException.Check(Libc.listen(descriptor, Backlog), "listen", path);
            bool isThere = SocketFile.TryGetIdentity(path, out SocketFile.Identity identity);
            return new UnixListener(descriptor, path, isThere ? identity : null);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Listens on a socket that this process was started with. Its name in the file system stays the giver's.</summary>
    /// <exception cref="LinuxException">EBADF: not open. ENOTSOCK or EINVAL: not a listening UNIX socket.</exception>
    public static UnixListener FromDescriptor(int fd) => FromDescriptor(fd, "");

    /// <summary>Listens on a socket that this process was started with, together with its name, which becomes this one's to remove.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="path">Where the socket is in the file system; empty if its name stays the giver's.</param>
    /// <exception cref="LinuxException">EBADF: not open. ENOTSOCK or EINVAL: not a listening UNIX socket.</exception>
    public static UnixListener FromDescriptor(int fd, string path)
    {
        FileDescriptor descriptor = FileDescriptor.Inherit(fd);
        try
        {
            if (Option(descriptor, Libc.SO_DOMAIN) != Libc.AF_UNIX || Option(descriptor, Libc.SO_ACCEPTCONN) == 0)
                throw new LinuxException("accept", $"descriptor {fd}", Errno.EINVAL);
            descriptor.SetNonBlocking(true);
            SocketFile.Identity identity = default;
            bool isThere = path.Length > 0 && SocketFile.TryGetIdentity(path, out identity);
            return new UnixListener(descriptor, path, isThere ? identity : null);
        }
        catch
        {
            descriptor.SetHandleAsInvalid();
            throw;
        }
    }

    /// <summary>Lets a group connect too (mode 0660), if this made the name and the kernel allows it; else its owner is the only one.</summary>
    /// <remarks>The group is given first, so that no other group is let in meanwhile. It takes membership of it, or CAP_CHOWN.</remarks>
    /// <param name="groupId">The group's number.</param>
    /// <returns>Whether the group may connect.</returns>
    public bool ShareWith(uint groupId) =>
        Path.Length > 0 && Libc.lchown(Path, SameOwner, groupId) == 0 && Libc.chmod(Path, OwnerAndGroup) == 0;

    /// <summary>Takes a waiting connection, without waiting for one.</summary>
    /// <returns>The connection, the caller's to dispose of; null if none waits any more.</returns>
    /// <exception cref="LinuxException">EMFILE, ENOMEM: the connection still waits.</exception>
    public UnixStream? Accept()
    {
        int connection = Libc.accept4(Descriptor, null, null, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        if (connection >= 0)
            return new UnixStream(new FileDescriptor(connection));

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EAGAIN or Errno.EINTR or Errno.ECONNABORTED ? null : throw new LinuxException("accept4", Path, errno);
    }

    /// <summary>Stops listening, and removes the name if this made it and nobody has replaced it since.</summary>
    public void Dispose()
    {
        Descriptor.Dispose();
        if (_identity is { } own && SocketFile.TryGetIdentity(Path, out SocketFile.Identity present) && present == own)
            _ = Libc.unlink(Path);
    }

    private static void MakeDirectory(string? directory)
    {
        if (!string.IsNullOrEmpty(directory) && Libc.mkdir(directory, OwnerWrites) < 0 && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            LinuxException.ThrowLast("mkdir", directory);
    }

    private static bool TryBind(FileDescriptor descriptor, in Libc.sockaddr_un address, string path)
    {
        fixed (Libc.sockaddr_un* pointer = &address)
        {
            if (Libc.bind(descriptor, pointer, (uint)sizeof(Libc.sockaddr_un)) == 0)
                return true;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.EADDRINUSE ? false : throw new LinuxException("bind", path, errno);
    }

    /// <summary>Removes a socket file on which a connection is refused. Any other answer, or another kind of file, is left alone.</summary>
    private static void RemoveIfDead(string path, in Libc.sockaddr_un address)
    {
        if (!SocketFile.TryGetIdentity(path, out SocketFile.Identity identity) || !identity.IsSocket)
            return;

        using FileDescriptor probe = SocketFile.OpenSocket();
        fixed (Libc.sockaddr_un* pointer = &address)
        {
            if (Libc.connect(probe, pointer, (uint)sizeof(Libc.sockaddr_un)) < 0 && Marshal.GetLastPInvokeError() == Errno.ECONNREFUSED)
                _ = Libc.unlink(path);
        }
    }

    private static int Option(FileDescriptor descriptor, int option)
    {
        int value;
        uint length = sizeof(int);
        _ = LinuxException.Check(Libc.getsockopt(descriptor, Libc.SOL_SOCKET, option, &value, &length), "getsockopt");
        return value;
    }
}
