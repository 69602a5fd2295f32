using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>A bound NETLINK_ROUTE socket that never blocks and hears only the kernel.</summary>
internal static unsafe class NetlinkSocket
{
    /// <summary>Room for the largest datagram the kernel makes for one receive. Source: netlink(7), NLMSG_GOODSIZE and more.</summary>
    internal const int BufferBytes = 32768;

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
