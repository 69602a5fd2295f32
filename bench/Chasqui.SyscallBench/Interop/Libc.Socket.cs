using System.Runtime.InteropServices;

namespace Chasqui.SyscallBench.Interop;

/// <content>Source: sys/socket.h, netinet/in.h, linux/udp.h, linux/if_tun.h, linux/virtio_net.h.</content>
internal static unsafe partial class Libc
{
    internal const int AF_INET = 2;
    internal const int SOCK_DGRAM = 2;
    internal const int SOL_SOCKET = 1;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SO_BUSY_POLL = 46;
    internal const int SO_ZEROCOPY = 60;
    internal const int IPPROTO_IP = 0;
    internal const int IP_PKTINFO = 8;
    internal const int IP_MTU_DISCOVER = 10;
    internal const int IP_RECVTOS = 13;
    internal const int SOL_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_ERRQUEUE = 0x2000;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_ZEROCOPY = 0x4000000;

    internal const nuint TUNSETIFF = 0x400454ca;
    internal const nuint TUNSETOFFLOAD = 0x400454d0;
    internal const nuint TUNSETCARRIER = 0x400454e2;
    internal const short IFF_TUN = 1;
    internal const short IFF_NAPI = 0x10;
    internal const short IFF_NAPI_FRAGS = 0x20;
    internal const short IFF_NO_PI = 0x1000;
    internal const short IFF_VNET_HDR = 0x4000;

    /// <summary>TUN_F_CSUM, TSO4, TSO6, USO4, USO6.</summary>
    internal const int TUN_F_ALL = 1 | 2 | 4 | 0x20 | 0x40;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int bind(int socket, sockaddr_in* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int connect(int socket, sockaddr_in* address, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(int socket, int level, int option, void* value, uint length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint sendmsg(int socket, msghdr* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int sendmmsg(int socket, mmsghdr* messages, uint count, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvmsg(int socket, msghdr* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int recvmmsg(int socket, mmsghdr* messages, uint count, int flags, timespec* timeout);

    internal static void SetOption(int socket, int level, int option, int value) =>
        Check(setsockopt(socket, level, option, &value, sizeof(int)), $"setsockopt {level} {option}");

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_in
    {
        internal ushort sin_family;
        internal ushort sin_port;
        internal uint sin_addr;
        internal ulong sin_zero;
    }

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

    /// <summary>struct ifreq as TUNSETIFF takes it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    internal struct ifreq
    {
        internal fixed byte ifr_name[16];
        internal short ifr_flags;
    }
}
