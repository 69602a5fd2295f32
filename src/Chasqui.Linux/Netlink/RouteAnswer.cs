using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Netlink;

/// <summary>Where a packet would leave, and from which address.</summary>
/// <param name="InterfaceIndex">The interface it would leave by.</param>
/// <param name="PreferredSource">The address it would leave from, without an interface; none if the kernel did not say.</param>
/// <param name="Mtu">The largest packet on that way in bytes, if the route or a report from the way limits it; else 0.</param>
public readonly record struct RouteAnswer(uint InterfaceIndex, UdpSource PreferredSource, int Mtu);
