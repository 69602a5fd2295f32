using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>An IPv4 and, where the machine has it, an IPv6 socket on the same port, and the threads that read them.</summary>
internal sealed class SocketPair : IDisposable
{
    // The kernel looks for a port that is free in both families this often too.
    private const int MaxAttempts = 100;

    private readonly UdpSocket _v4;
    private readonly UdpSocket? _v6;
    private InboundLoop? _v4Loop;
    private InboundLoop? _v6Loop;

    private SocketPair(UdpSocket v4, UdpSocket? v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>The port of both.</summary>
    internal ushort Port => _v4.Port;

    /// <summary>Opens both sockets in the calling thread's namespace and begins to read them.</summary>
    /// <param name="context">The device.</param>
    /// <param name="port">The port; 0 for one that is free in both families.</param>
    /// <param name="mark">SO_MARK.</param>
    /// <exception cref="LinuxException">EADDRINUSE, or whatever else keeps a socket from being opened; nothing is open then.</exception>
    internal static SocketPair Open(DeviceContext context, ushort port, uint mark)
    {
        SocketPair pair = OpenSockets(port, mark);
        try
        {
            pair._v4Loop = InboundLoop.Start(context, pair._v4, "udp4");
            pair._v6Loop = pair._v6 is null ? null : InboundLoop.Start(context, pair._v6, "udp6");
            return pair;
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    /// <summary>The socket for an address, or null.</summary>
    internal UdpSocket? For(IpAddress address) => address.IsV4 ? _v4 : address.IsV6 ? _v6 : null;

    /// <summary>Changes the mark on both.</summary>
    /// <exception cref="LinuxException">EPERM; either may have the new mark then.</exception>
    internal void SetMark(uint mark)
    {
        _v4.SetMark(mark);
        _v6?.SetMark(mark);
    }

    /// <summary>Ends the threads and closes the sockets.</summary>
    public void Dispose()
    {
        _v4Loop?.Dispose();
        _v6Loop?.Dispose();
        _v4.Dispose();
        _v6?.Dispose();
    }

    private static SocketPair OpenSockets(ushort port, uint mark)
    {
        for (int attempt = 1; ; attempt++)
        {
            UdpSocket v4 = UdpSocket.Open(UdpFamily.V4, new UdpOptions { Port = port, Mark = mark });
            try
            {
                return new SocketPair(v4, UdpSocket.Open(UdpFamily.V6, new UdpOptions { Port = v4.Port, Mark = mark }));
            }
            catch (LinuxException exception) when (exception.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL)
            {
                return new SocketPair(v4, null); // a machine without IPv6
            }
            catch (LinuxException exception) when (exception.Errno == Errno.EADDRINUSE && port == 0 && attempt < MaxAttempts)
            {
                v4.Dispose(); // free in one family only: the kernel chooses another
            }
            catch
            {
                v4.Dispose();
                throw;
            }
        }
    }
}
