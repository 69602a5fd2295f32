using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>The UDP sockets that a device sends from at the moment, if its interface is up.</summary>
/// <remarks>
/// Threads: any may send; what changes the pair is serialised by the device. A sender that still holds a socket that was
/// closed meanwhile loses its datagrams, as on any link.
/// </remarks>
/// <param name="journal">Where it is told that something cannot be sent.</param>
internal sealed class DatagramSockets(EventJournal journal) : IDisposable
{
    private SocketPair? _pair;

    /// <summary>Sends from <paramref name="pair"/> from here on, and closes what was in use.</summary>
    internal void Use(SocketPair pair) => Interlocked.Exchange(ref _pair, pair)?.Dispose();

    /// <summary>Closes both sockets and ends their threads.</summary>
    internal void Close() => Interlocked.Exchange(ref _pair, null)?.Dispose();

    /// <summary>The offloads of the first IPv4 socket; null while the interface is down.</summary>
    internal UdpOffloads? Offloads => Volatile.Read(ref _pair)?.Offloads;

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
        SocketPair? pair = Volatile.Read(ref _pair);
        UdpSocket? socket = pair?.For(endpoint.Remote.Address, lane);
        if (socket is null)
        {
            if (pair is not null)
            {
                NoteFailure(peer, endpoint, Errno.EAFNOSUPPORT); // IPv6 on a machine without
            }

            return;
        }

        UdpAddress remote = UdpMapping.ToRemote(endpoint.Remote);
        try
        {
            SendResult result = socket.Send(datagrams, segmentSize, remote, UdpMapping.ToSource(endpoint), trafficClass);
            if (result.IsSourceGone && !endpoint.Source.IsNone)
            {
                _ = peer?.ClearSource(endpoint);
                result = socket.Send(datagrams[(result.Datagrams * segmentSize)..], segmentSize, remote, default, trafficClass);
            }

            if (!result.IsComplete || result.IsSteppedDown)
            {
                Note(peer, endpoint, result);
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed between the look and the send.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Note(Peer? peer, in Endpoint endpoint, in SendResult result)
    {
        if (!result.IsComplete)
        {
            NoteFailure(peer, endpoint, result.Errno);
        }

        if (result.IsSteppedDown)
        {
            journal.Add(new TunnelEvent
            {
                Kind = TunnelEventKind.OffloadSteppedDown,
                At = Clock.Now(),
                Remote = endpoint.Remote,
                Number = SteppedDownOffload.Segmentation,
            });
        }
    }

    private void NoteFailure(Peer? peer, in Endpoint endpoint, int errno) => journal.Add(new TunnelEvent
    {
        Kind = TunnelEventKind.SendFailed,
        At = Clock.Now(),
        Peer = peer?.PublicKey,
        Remote = endpoint.Remote,
        Number = errno,
    });
}
