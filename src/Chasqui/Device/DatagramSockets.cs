using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>The two UDP sockets of a device, IPv4 and IPv6 on one port, with a thread reading each.</summary>
/// <remarks>
/// Threads: any may send; opening and closing are serialised by the device. A sender that still holds a socket that was
/// closed meanwhile loses its datagrams, as on any link.
/// </remarks>
internal sealed class DatagramSockets(DeviceContext context) : IDisposable
{
    // The kernel looks for a port that is free in both families this often too.
    private const int MaxAttempts = 100;

    private SocketPair? _pair;

    /// <summary>The port; 0 while closed.</summary>
    internal ushort Port => Volatile.Read(ref _pair)?.V4.Port ?? 0;

    /// <summary>Opens both sockets, without using them yet.</summary>
    /// <param name="port">The port; 0 for one that is free.</param>
    /// <param name="mark">SO_MARK.</param>
    /// <exception cref="LinuxException">EADDRINUSE, or whatever else keeps a socket from being opened.</exception>
    internal static SocketPair OpenPair(ushort port, uint mark)
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
            catch (LinuxException exception)
            {
                v4.Dispose();
                if (exception.Errno != Errno.EADDRINUSE || port != 0 || attempt == MaxAttempts)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Takes <paramref name="pair"/> into use instead of what was open.</summary>
    internal void Use(SocketPair pair)
    {
        Close();
        pair.Start(context);
        Volatile.Write(ref _pair, pair);
    }

    /// <summary>Closes both sockets and ends their threads.</summary>
    internal void Close()
    {
        SocketPair? old = Volatile.Read(ref _pair);
        Volatile.Write(ref _pair, null);
        old?.Dispose();
    }

    /// <summary>Changes the mark of what leaves.</summary>
    /// <exception cref="LinuxException">EPERM.</exception>
    internal void SetMark(uint mark) => Volatile.Read(ref _pair)?.SetMark(mark);

    /// <summary>Sends datagrams of one length, the last of which may be shorter.</summary>
    /// <param name="peer">Whose endpoint it is, so that a source address that has vanished is forgotten; null for a stranger's.</param>
    /// <param name="endpoint">Where to, and from which of our addresses.</param>
    /// <param name="datagrams">The datagrams, end to end.</param>
    /// <param name="segmentSize">Length of each but the last.</param>
    /// <param name="trafficClass">Outer DSCP and ECN.</param>
    internal void Send(Peer? peer, in Endpoint endpoint, ReadOnlySpan<byte> datagrams, int segmentSize, byte trafficClass)
    {
        UdpSocket? socket = Volatile.Read(ref _pair)?.For(endpoint.Remote.Address);
        if (socket is null)
        {
            return;
        }

        UdpAddress remote = UdpMapping.ToRemote(endpoint.Remote);
        try
        {
            SendResult result = socket.Send(datagrams, segmentSize, remote, UdpMapping.ToSource(endpoint), trafficClass);
            if (result.IsSourceGone && !endpoint.Source.IsNone)
            {
                _ = peer?.ClearSource(endpoint);
                socket.Send(datagrams[(result.Datagrams * segmentSize)..], segmentSize, remote, default, trafficClass);
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed between the look and the send.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
