using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: linux/netlink.h.</content>
internal static unsafe partial class Libc
{
    internal const int NETLINK_ROUTE = 0;
    internal const int NETLINK_ADD_MEMBERSHIP = 1;
    internal const int NETLINK_DROP_MEMBERSHIP = 2;
    internal const int NETLINK_LISTEN_ALL_NSID = 8;
    internal const int SOL_NETLINK = 270;

    internal const ushort NLMSG_NOOP = 1;
    internal const ushort NLMSG_ERROR = 2;
    internal const ushort NLMSG_DONE = 3;
    internal const ushort NLMSG_OVERRUN = 4;

    internal const ushort NLM_F_REQUEST = 0x1;
    internal const ushort NLM_F_ACK = 0x4;
    internal const ushort NLM_F_DUMP_INTR = 0x10;
    internal const ushort NLM_F_DUMP = 0x300;
    internal const ushort NLM_F_EXCL = 0x200;
    internal const ushort NLM_F_CREATE = 0x400;

    internal const int NLA_TYPE_MASK = ~0xC000;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recvfrom(
        FileDescriptor socket, void* buffer, nuint length, int flags, sockaddr_nl* address, uint* addressLength);

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_nl
    {
        internal ushort nl_family;
        internal ushort nl_pad;
        internal uint nl_pid;
        internal uint nl_groups;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nlmsghdr
    {
        internal uint nlmsg_len;
        internal ushort nlmsg_type;
        internal ushort nlmsg_flags;
        internal uint nlmsg_seq;
        internal uint nlmsg_pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct nlmsgerr
    {
        internal int error;
        internal nlmsghdr msg;
    }
}
