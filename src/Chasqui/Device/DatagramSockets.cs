using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>The UDP sockets that a device sends from at the moment, if its interface is up.</summary>
/// <remarks>
/// Threads: any may send; what changes the pair is serialised by the device. A sender that still holds a socket that was
/// closed meanwhile loses its datagrams, as on any link.
/// </remarks>
internal sealed class DatagramSockets : IDisposable
{
    private SocketPair? _pair;

    /// <summary>Sends from <paramref name="pair"/> from here on, and closes what was in use.</summary>
    internal void Use(SocketPair pair) => Interlocked.Exchange(ref _pair, pair)?.Dispose();

    /// <summary>Closes both sockets and ends their threads.</summary>
    internal void Close() => Interlocked.Exchange(ref _pair, null)?.Dispose();

    /// <summary>Changes the mark of what leaves.</summary>
    /// <exception cref="LinuxException">EPERM.</exception>
    internal void SetMark(uint mark) => Volatile.Read(ref _pair)?.SetMark(mark);

    /// <summary>Sends datagrams of one length, the last of which may be shorter.</summary>
    /// <param name="peer">Whose endpoint it is, so that a source address that has vanished is forgotten; null for a stranger's.</param>
    /// <param name="endpoint">Where to, and from which of our addresses.</param>
    /// <param name="datagrams">The datagrams, end to end.</param>
    /// <param name="segmentSize">Length of each but the last.</param>
    /// <param name="trafficClass">Outer DSCP and ECN.</param>
    /// <param name="lane">The sender's lane: so threads that send much do not meet at one socket.</param>
    internal void Send(
        Peer? peer, in Endpoint endpoint, ReadOnlySpan<byte> datagrams, int segmentSize, byte trafficClass, int lane = 0)
    {
        UdpSocket? socket = Volatile.Read(ref _pair)?.For(endpoint.Remote.Address, lane);
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
