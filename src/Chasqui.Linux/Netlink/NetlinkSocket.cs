using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>A bound NETLINK_ROUTE socket that never blocks and hears only the kernel.</summary>
internal static unsafe class NetlinkSocket
{
    /// <summary>Room for the largest datagram the kernel makes for one receive. Source: netlink(7), NLMSG_GOODSIZE and more.</summary>
    internal const int BufferBytes = 32768;

    // Room for one control message with a number, and some.
    private const int ControlWords = 8;

    internal static FileDescriptor Open(uint groups)
    {
        FileDescriptor socket = FileDescriptor.FromResult(
            Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.NETLINK_ROUTE), "socket", "netlink");
        try
        {
            Libc.sockaddr_nl address = new() { nl_family = Libc.AF_NETLINK, nl_groups = groups };
            _ = LinuxException.Check(Libc.bind(socket, &address, (uint)sizeof(Libc.sockaddr_nl)), "bind", "netlink");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Joins or leaves a group.</summary>
    internal static void SetMembership(FileDescriptor socket, int group, bool isMember) =>
        _ = LinuxException.Check(
            Libc.setsockopt(
                socket, Libc.SOL_NETLINK, isMember ? Libc.NETLINK_ADD_MEMBERSHIP : Libc.NETLINK_DROP_MEMBERSHIP, &group, sizeof(int)),
            "setsockopt",
            "netlink");

    /// <summary>Hears of all namespaces that the socket's own has a number for. It takes CAP_NET_BROADCAST, once.</summary>
    internal static void ListenEverywhere(FileDescriptor socket)
    {
        int on = 1;
        _ = LinuxException.Check(
            Libc.setsockopt(socket, Libc.SOL_NETLINK, Libc.NETLINK_LISTEN_ALL_NSID, &on, sizeof(int)), "setsockopt", "NETLINK_LISTEN_ALL_NSID");
    }

    /// <summary>As <see cref="Receive(FileDescriptor, Span{byte})"/>, on a socket that listens everywhere.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="buffer">Where the datagram goes.</param>
    /// <param name="namespaceId">The number of the namespace that it is from; negative for the socket's own.</param>
    internal static int Receive(FileDescriptor socket, Span<byte> buffer, out int namespaceId)
    {
        namespaceId = Libc.NETNSA_NSID_NOT_ASSIGNED;
        Libc.sockaddr_nl sender = default;
        nuint* control = stackalloc nuint[ControlWords];
        nint received;
        Libc.msghdr message;
        fixed (byte* pointer = buffer)
        {
            Libc.iovec vector = new() { iov_base = pointer, iov_len = (nuint)buffer.Length };
            do
            {
                message = new()
                {
                    msg_name = &sender,
                    msg_namelen = (uint)sizeof(Libc.sockaddr_nl),
                    msg_iov = &vector,
                    msg_iovlen = 1,
                    msg_control = (byte*)control,
                    msg_controllen = ControlWords * (nuint)sizeof(nuint),
                };
                received = Libc.recvmsg(socket, &message, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC);
            }
            while (received < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        if (received < 0)
            return -Marshal.GetLastPInvokeError();

        // SAFETY: the kernel wrote a whole control message, or the length says that there is none.
        Libc.cmsghdr* header = (Libc.cmsghdr*)control;
        if (message.msg_controllen >= (nuint)(sizeof(Libc.cmsghdr) + sizeof(int))
            && header->cmsg_level == Libc.SOL_NETLINK && header->cmsg_type == Libc.NETLINK_LISTEN_ALL_NSID)
            namespaceId = *(int*)(header + 1);
        return sender.nl_pid == 0 && received <= buffer.Length ? (int)received : 0;
    }

    /// <summary>Receives one datagram without waiting.</summary>
    /// <returns>Its length, 0 if it was not from the kernel or too long; a negative error number, EAGAIN if there is none.</returns>
    internal static int Receive(FileDescriptor socket, Span<byte> buffer)
    {
        Libc.sockaddr_nl sender = default;
        uint length = (uint)sizeof(Libc.sockaddr_nl);
        nint received;
        fixed (byte* pointer = buffer)
        {
            do
            {
                received = Libc.recvfrom(
                    socket, pointer, (nuint)buffer.Length, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC, &sender, &length);
            }
            while (received < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        }

        if (received < 0)
            return -Marshal.GetLastPInvokeError();
        return sender.nl_pid == 0 && received <= buffer.Length ? (int)received : 0;
    }
}
