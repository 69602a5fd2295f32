using System.Net;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tcp;

/// <summary>A listening TCP socket.</summary>
/// <remarks>Source: tcp(7). Never blocks; <see cref="Descriptor"/> is readable when somebody waits. Threads: one.</remarks>
public sealed unsafe class TcpListener : IDisposable
{
    private const int Backlog = 16;

    private TcpListener(FileDescriptor descriptor, ushort port)
    {
        Descriptor = descriptor;
        Port = port;
    }

    /// <summary>For <see cref="Poller"/>: readable when a connection waits.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The port: the one that was asked for, or the one that the kernel chose for 0.</summary>
    public ushort Port { get; }

    /// <summary>Listens on an address in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EADDRINUSE: the port is taken. EADDRNOTAVAIL: the address is none of this machine's. EACCES: a port below 1024.</exception>
    public static TcpListener Bind(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        UdpAddress wanted = UdpAddress.From(endpoint);
        FileDescriptor descriptor = FileDescriptor.FromResult(
            Libc.socket(wanted.IsV4 ? Libc.AF_INET : Libc.AF_INET6, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0), "socket");
        try
        {
            return new TcpListener(descriptor, Bind(descriptor, wanted));
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Takes a waiting connection, without waiting for one.</summary>
    /// <returns>The connection, the caller's to dispose of; null if none waits any more.</returns>
    /// <exception cref="LinuxException">EMFILE, ENOMEM: the connection still waits. Or an error of the network, which was the connection's.</exception>
    public TcpConnection? Accept()
    {
        int connection = Libc.accept4(Descriptor, null, null, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
        if (connection >= 0)
            return new TcpConnection(new FileDescriptor(connection));

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EAGAIN or Errno.EINTR or Errno.ECONNABORTED ? null : throw new LinuxException("accept4", errno);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static ushort Bind(FileDescriptor descriptor, in UdpAddress wanted)
    {
        int yes = 1;
        Span<byte> name = stackalloc byte[SockAddr.Capacity];
        uint length = (uint)SockAddr.Write(wanted, name);

        // What the last owner of the port has said may still be on its way; that keeps nobody from listening.
        _ = LinuxException.Check(Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, &yes, sizeof(int)), "setsockopt");
        fixed (byte* pointer = name)
        {
            _ = LinuxException.Check(Libc.bind(descriptor, pointer, length), "bind", wanted.ToString());
            _ = LinuxException.Check(Libc.listen(descriptor, Backlog), "listen", wanted.ToString());
            length = SockAddr.Capacity;
            _ = LinuxException.Check(Libc.getsockname(descriptor, pointer, &length), "getsockname");
        }

        return SockAddr.Read(name[..(int)length]).Port;
    }
}
