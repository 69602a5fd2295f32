using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sys/socket.h and sys/uio.h.</content>
internal static unsafe partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;

    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SHUT_WR = 1;
    internal const int SHUT_RDWR = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_NONBLOCK = O_NONBLOCK;
    internal const int SOCK_CLOEXEC = O_CLOEXEC;

    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_ERROR = 4;
    internal const int SO_SNDBUF = 7;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_RCVBUF = 8;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SO_BINDTODEVICE = 25;
    internal const int SO_ACCEPTCONN = 30;
    internal const int SO_MARK = 36;
    internal const int SO_DOMAIN = 39;

    internal const int MSG_CTRUNC = 0x8;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int bind(FileDescriptor socket, void* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int connect(FileDescriptor socket, void* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int listen(FileDescriptor socket, int backlog);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int accept4(FileDescriptor socket, void* address, uint* length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockname(FileDescriptor socket, void* address, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int getsockopt(FileDescriptor socket, int level, int option, void* value, uint* length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(FileDescriptor socket, int level, int option, void* value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint send(FileDescriptor socket, void* buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recv(FileDescriptor socket, void* buffer, nuint length, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendto(FileDescriptor socket, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvfrom(FileDescriptor socket, void* buffer, nuint length, int flags, void* address, uint* addressLength);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int shutdown(FileDescriptor socket, int how);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendmsg(FileDescriptor socket, msghdr* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvmsg(FileDescriptor socket, msghdr* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sendmmsg(FileDescriptor socket, mmsghdr* messages, uint count, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int recvmmsg(FileDescriptor socket, mmsghdr* messages, uint count, int flags, timespec* timeout);

    [StructLayout(LayoutKind.Sequential)]
    internal struct iovec
    {
        internal byte* iov_base;
        internal nuint iov_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct msghdr
    {
        internal void* msg_name;
        internal uint msg_namelen;
        internal iovec* msg_iov;
        internal nuint msg_iovlen;
        internal byte* msg_control;
        internal nuint msg_controllen;
        internal int msg_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct mmsghdr
    {
        internal msghdr msg_hdr;
        internal uint msg_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct cmsghdr
    {
        internal nuint cmsg_len;
        internal int cmsg_level;
        internal int cmsg_type;
    }
}
