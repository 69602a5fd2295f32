using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Netlink;

/// <summary>A packet whose way is asked for.</summary>
/// <param name="Destination">Where to; the port does not matter.</param>
/// <param name="Source">From which of our addresses; none for any. Its interface is not part of the question.</param>
/// <param name="Mark">With which mark; 0 for none.</param>
/// <param name="InterfaceIndex">By which interface only; 0 for any.</param>
public readonly record struct RouteQuery(UdpAddress Destination, UdpSource Source, uint Mark, uint InterfaceIndex);
