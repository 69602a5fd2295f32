using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Udp;

/// <summary>Asks whether datagrams get to an address: sends empty ones, and hears what filters, routers and the machine there say of them.</summary>
/// <remarks>Never blocks. Silence says nothing: who drops without a word, and who takes the datagram, are alike. Threads: one.</remarks>
public sealed unsafe class UdpProbe : IDisposable
{
    private readonly FileDescriptor _socket;

    private UdpProbe(FileDescriptor socket) => _socket = socket;

    /// <summary>Opens a probe in the calling thread's network namespace.</summary>
    /// <param name="remote">Where to.</param>
    /// <param name="mark">The mark of what it sends; 0 for none.</param>
    /// <param name="error">0, or why there is no way there: ENETUNREACH, EACCES, EPERM and the like.</param>
    /// <returns>The probe; null if there is an error.</returns>
    public static UdpProbe? TryOpen(in UdpAddress remote, uint mark, out int error)
    {
        int domain = remote.IsV6 ? Libc.AF_INET6 : Libc.AF_INET;
        int opened = Libc.socket(domain, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, Libc.IPPROTO_UDP);
        error = opened < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (opened < 0)
            return null;

        FileDescriptor socket = FileDescriptor.FromResult(opened, "socket");
        error = Prepare(socket, remote, mark);
        if (error == 0)
            return new UdpProbe(socket);
        socket.Dispose();
        return null;
    }

    /// <summary>Sends an empty datagram.</summary>
    /// <returns>0, or why it was not sent; also what came back for one before.</returns>
    public int Send()
    {
        byte nothing = 0;
        return Libc.send(_socket, &nothing, 0, Libc.MSG_NOSIGNAL) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>What has come back: ECONNREFUSED for nobody who listens, EHOSTUNREACH, ENETUNREACH; 0 for nothing.</summary>
    public int TakeError()
    {
        int error = 0;
        uint length = sizeof(int);
        return Libc.getsockopt(_socket, Libc.SOL_SOCKET, Libc.SO_ERROR, &error, &length) < 0 ? Marshal.GetLastPInvokeError() : error;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static int Prepare(FileDescriptor socket, in UdpAddress remote, uint mark)
    {
        // Without, the kernel tells only of ports.
        int on = 1, number = (int)mark;
        _ = remote.IsV6
            ? Libc.setsockopt(socket, Libc.IPPROTO_IPV6, Libc.IPV6_RECVERR, &on, sizeof(int))
            : Libc.setsockopt(socket, Libc.IPPROTO_IP, Libc.IP_RECVERR, &on, sizeof(int));
        if (mark != 0 && Libc.setsockopt(socket, Libc.SOL_SOCKET, Libc.SO_MARK, &number, sizeof(int)) < 0)
            return Marshal.GetLastPInvokeError();

        byte* address = stackalloc byte[SockAddr.Capacity];
        int length = SockAddr.Write(remote, new Span<byte>(address, SockAddr.Capacity));
        return Libc.connect(socket, address, (uint)length) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }
}
