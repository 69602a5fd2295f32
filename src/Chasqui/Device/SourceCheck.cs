using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>After routes or addresses have changed: does each peer's fixed source address still lead where it did?</summary>
/// <remarks>
/// A source that a packet would leave by another interface, or that is no longer ours, is given up and the routing table chooses
/// anew; all others stay, so that a multi-homed host does not change its face because of an unrelated route.
/// Source: the kernel's send4 and send6, which ask for each route.
/// </remarks>
internal sealed class SourceCheck : IDisposable
{
    private readonly Tunnel _tunnel;
    private readonly Rtnetlink _rtnetlink = Rtnetlink.Open();

    internal SourceCheck(Tunnel tunnel) => _tunnel = tunnel;

    /// <summary>Checks every peer that has a source.</summary>
    /// <param name="mark">The mark that datagrams carry.</param>
    internal void Run(uint mark)
    {
        try
        {
            foreach (Peer peer in _tunnel.PeersWithSource())
            {
                Endpoint endpoint = peer.Endpoint;
                if (!endpoint.Source.IsNone && !IsStillRight(endpoint, mark))
                {
                    _ = peer.ClearSource(endpoint);
                }
            }
        }
        catch (LinuxException)
        {
            // Out of memory or buffers. A source that has become wrong is found out by the send that fails, or by the next check.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rtnetlink.Dispose();

    private bool IsStillRight(in Endpoint endpoint, uint mark)
    {
        UdpAddress remote = UdpMapping.ToRemote(endpoint.Remote);
        var query = new RouteQuery(remote, UdpMapping.ToSource(endpoint), mark, remote.ScopeId);
        int errno = _rtnetlink.GetRoute(query, out RouteAnswer answer);

        // The kernel compares the interface for IPv4 only.
        return errno == Errno.ETIMEDOUT
            || (errno == 0 && (remote.IsV6 || endpoint.SourceInterface == 0 || answer.InterfaceIndex == endpoint.SourceInterface));
    }
}
