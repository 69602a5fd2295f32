using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>The sockets of one port: an IPv4 and, where the machine has it, an IPv6 one for each lane, and the threads that read them.</summary>
/// <remarks>
/// The kernel deals what arrives out by a hash of addresses and ports: what one sender sends stays on one lane, and in order. Any of them
/// may send to anybody, from the same port.
/// </remarks>
internal sealed class SocketPair : IDisposable
{
    // The kernel looks for a port that is free in both families this often too.
    private const int MaxAttempts = 100;

    private readonly UdpSocket[] _v4;
    private readonly UdpSocket[] _v6;
    private readonly List<InboundLoop> _loops = [];

    private SocketPair(UdpSocket[] v4, UdpSocket[] v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>The port of all.</summary>
    internal ushort Port => _v4[0].Port;

    /// <summary>What the first IPv4 socket leaves to the kernel.</summary>
    internal UdpOffloads Offloads => _v4[0].Offloads;

    /// <summary>How many sockets there are for IPv4.</summary>
    internal int Lanes => _v4.Length;

    /// <summary>Opens the sockets in the calling thread's namespace and begins to read them.</summary>
    /// <param name="context">The device.</param>
    /// <param name="port">The port; 0 for one that is free in both families.</param>
    /// <param name="mark">SO_MARK.</param>
    /// <exception cref="LinuxException">EADDRINUSE, or whatever else keeps a socket from being opened; nothing is open then.</exception>
    internal static SocketPair Open(DeviceContext context, ushort port, uint mark)
    {
        SocketPair pair = OpenSockets(port, mark, context.Lanes);
        try
        {
            pair.StartLoops(context, pair._v4, "udp4", context.Batches.Received.AsSpan(0, context.Lanes));
            pair.StartLoops(context, pair._v6, "udp6", context.Batches.Received.AsSpan(context.Lanes));
            return pair;
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    /// <summary>Opens the sockets without reading them.</summary>
    internal static SocketPair OpenSockets(ushort port, uint mark, int lanes)
    {
        for (int attempt = 1; ; attempt++)
        {
            UdpSocket[] v4 = OpenFamily(UdpFamily.V4, port, mark, lanes);
            try
            {
                return new SocketPair(v4, OpenFamily(UdpFamily.V6, v4[0].Port, mark, lanes));
            }
            catch (LinuxException exception) when (exception.Errno is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL)
            {
                return new SocketPair(v4, []); // a machine without IPv6
            }
            catch (LinuxException exception) when (exception.Errno == Errno.EADDRINUSE && port == 0 && attempt < MaxAttempts)
            {
                DisposeAll(v4); // free in one family only: the kernel chooses another
            }
            catch
            {
                DisposeAll(v4);
                throw;
            }
        }
    }

    /// <summary>A lane's socket for an address, or null.</summary>
    internal UdpSocket? For(IpAddress address, int lane)
    {
        UdpSocket[] sockets = address.IsV4 ? _v4 : address.IsV6 ? _v6 : [];
        return sockets.Length == 0 ? null : sockets[lane < sockets.Length ? lane : 0];
    }

    /// <summary>Changes the mark on all.</summary>
    /// <exception cref="LinuxException">EPERM; some may have the new mark then.</exception>
    internal void SetMark(uint mark)
    {
        foreach (UdpSocket socket in (ReadOnlySpan<UdpSocket>)[.. _v4, .. _v6])
        {
            socket.SetMark(mark);
        }
    }

    /// <summary>Ends the threads and closes the sockets.</summary>
    public void Dispose()
    {
        foreach (InboundLoop loop in _loops)
        {
            loop.Dispose();
        }

        DisposeAll(_v4);
        DisposeAll(_v6);
    }

    /// <summary>The first socket finds out whether the port is free, as it would alone; then it lets the others in.</summary>
    private static UdpSocket[] OpenFamily(UdpFamily family, ushort port, uint mark, int lanes)
    {
        var sockets = new UdpSocket[lanes];
        try
        {
            sockets[0] = UdpSocket.Open(family, new UdpOptions { Port = port, Mark = mark });
            if (lanes > 1)
            {
                sockets[0].SharePort();
            }

            for (int i = 1; i < lanes; i++)
            {
                sockets[i] = UdpSocket.Open(family, new UdpOptions { Port = sockets[0].Port, Mark = mark, SharesPort = true });
            }

            return sockets;
        }
        catch
        {
            DisposeAll(sockets);
            throw;
        }
    }

    private static void DisposeAll(UdpSocket?[] sockets)
    {
        foreach (UdpSocket? socket in sockets)
        {
            socket?.Dispose();
        }
    }

    private void StartLoops(DeviceContext context, UdpSocket[] sockets, string name, ReadOnlySpan<BatchCounter> counters)
    {
        for (int lane = 0; lane < sockets.Length; lane++)
        {
            _loops.Add(InboundLoop.Start(context, sockets[lane], lane == 0 ? name : $"{name}-{lane}", lane, counters[lane]));
        }
    }
}
