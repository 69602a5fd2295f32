using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <summary>The calls and constants a TUN device needs. Source: linux/if_tun.h, linux/if.h, linux/sockios.h, fcntl.h.</summary>
internal static unsafe partial class TunLibc
{
    /// <summary>Source: fcntl.h.</summary>
    internal const int O_RDWR = 0x2;

    /// <summary>Source: fcntl.h.</summary>
    internal const int O_NONBLOCK = 0x800;

    /// <summary>Source: fcntl.h.</summary>
    internal const int O_CLOEXEC = 0x80000;

    /// <summary>Source: fcntl.h.</summary>
    internal const int F_SETFD = 2;

    /// <summary>Source: fcntl.h.</summary>
    internal const int F_GETFL = 3;

    /// <summary>Source: fcntl.h.</summary>
    internal const int F_SETFL = 4;

    /// <summary>Source: fcntl.h.</summary>
    internal const int FD_CLOEXEC = 1;

    /// <summary>Source: sys/socket.h.</summary>
    internal const int AF_INET = 2;

    /// <summary>Source: sys/socket.h.</summary>
    internal const int SOCK_DGRAM = 2;

    /// <summary>Source: sys/socket.h.</summary>
    internal const int SOCK_CLOEXEC = 0x80000;

    /// <summary>Room for an interface name with its final zero. Source: linux/if.h.</summary>
    internal const int IFNAMSIZ = 16;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const short IFF_TUN = 0x0001;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const short IFF_MULTI_QUEUE = 0x0100;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const short IFF_NO_PI = 0x1000;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const short IFF_VNET_HDR = 0x4000;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const int IFF_TUN_EXCL = 0x8000; // the sign bit of ifr_flags

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const uint TUNSETIFF = 0x400454ca;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const uint TUNSETOFFLOAD = 0x400454d0;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const uint TUNGETIFF = 0x800454d2;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const uint TUNSETVNETHDRSZ = 0x400454d8;

    /// <summary>Source: linux/if_tun.h.</summary>
    internal const uint TUNGETDEVNETNS = 0x54e3;

    /// <summary>Source: linux/sockios.h.</summary>
    internal const uint SIOCSIFMTU = 0x8922;

    /// <summary>Source: linux/sockios.h.</summary>
    internal const uint SIOCGIFINDEX = 0x8933;

    /// <summary>Source: asm-generic/errno-base.h.</summary>
    internal const int EINTR = 4;

    /// <summary>Source: asm-generic/errno-base.h.</summary>
    internal const int EIO = 5;

    /// <summary>Source: asm-generic/errno-base.h.</summary>
    internal const int ENXIO = 6;

    /// <summary>Source: asm-generic/errno-base.h.</summary>
    internal const int EAGAIN = 11;

    /// <summary>Source: asm-generic/errno-base.h.</summary>
    internal const int EINVAL = 22;

    /// <summary>Source: asm-generic/errno-base.h.</summary>
    internal const int EBUSY = 16;

    /// <summary>Source: asm-generic/errno.h.</summary>
    internal const int EBADFD = 77;

    private const string Name = "libc";

    /// <summary>Opens a file. Source: open(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int open(byte* path, int flags);

    /// <summary>Closes a descriptor. Source: close(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int close(int fd);

    /// <summary>Reads one frame. Source: read(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint read(int fd, void* buffer, nuint count);

    /// <summary>Writes one frame. Source: write(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint write(int fd, void* buffer, nuint count);

    /// <summary>Controls a device; the argument is a pointer or a number by request. Source: ioctl(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, void* argument);

    /// <summary>Manipulates a descriptor. Source: fcntl(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, int argument);

    /// <summary>Opens a socket. Source: socket(2).</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int family, int type, int protocol);

    /// <summary>Source: struct ifreq, linux/if.h; the union members used here.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    internal struct ifreq
    {
        [FieldOffset(0)]
        internal IfName ifr_name;

        [FieldOffset(IFNAMSIZ)]
        internal short ifr_flags;

        [FieldOffset(IFNAMSIZ)]
        internal int ifr_mtu;

        [FieldOffset(IFNAMSIZ)]
        internal int ifr_ifindex;
    }

    /// <summary>A zero-terminated interface name.</summary>
    [InlineArray(IFNAMSIZ)]
    internal struct IfName
    {
        private byte _first;
    }
}
