using System.Runtime.InteropServices;

namespace Chasqui.Siege.Interop;

/// <summary>System calls that the base library does not offer.</summary>
internal static partial class Libc
{
    internal const int CLONE_NEWNET = 0x40000000;

    /// <summary>Moves the calling thread into a namespace. Source: setns(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setns(SafeHandle fd, int nstype);

    /// <summary>Sends many messages. Source: sendmmsg(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int sendmmsg(SafeHandle fd, mmsghdr* messages, uint count, int flags);

    /// <summary>Source: bits/types/struct_iovec.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct iovec
    {
        internal void* iov_base;
        internal nuint iov_len;
    }

    /// <summary>Source: bits/socket.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct msghdr
    {
        internal void* msg_name;
        internal uint msg_namelen;
        internal iovec* msg_iov;
        internal nuint msg_iovlen;
        internal void* msg_control;
        internal nuint msg_controllen;
        internal int msg_flags;
    }

    /// <summary>Source: bits/socket.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct mmsghdr
    {
        internal msghdr msg_hdr;
        internal uint msg_len;
    }
}
