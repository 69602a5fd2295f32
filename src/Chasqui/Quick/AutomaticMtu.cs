using System.Net;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Udp;

namespace Chasqui.Quick;

/// <summary>The MTU of an interface whose file names none.</summary>
/// <remarks>The smallest on the ways to the endpoints, else that of the default route, else 1500; less our headers. Source: wg-quick(8).</remarks>
internal static class AutomaticMtu
{
    // IPv6 40, UDP 8, transport header 16, tag 16.
    private const int Headers = 80;
    private const int Ethernet = 1500;

    internal static int Find(Rtnetlink rtnetlink, DeviceSnapshot device)
    {
        int smallest = int.MaxValue;
        foreach (PeerSnapshot peer in device.Peers)
        {
            IpEndpoint endpoint = peer.Endpoint;
            if (!endpoint.IsNone && endpoint.ScopeId == 0)
            {
                smallest = Math.Min(smallest, OfWay(rtnetlink, endpoint.Address));
            }
        }

        if (smallest == int.MaxValue)
        {
            smallest = OfDefaultRoute(rtnetlink);
        }

        return (smallest is > 0 and < int.MaxValue ? smallest : Ethernet) - Headers;
    }

    private static int OfWay(Rtnetlink rtnetlink, IpAddress address)
    {
        RouteQuery query = new(UdpAddress.From(new IPEndPoint(address.ToIPAddress(), 0)), default, 0, 0);
        return rtnetlink.GetRoute(query, out RouteAnswer way) == 0 ? Of(rtnetlink, way.Mtu, way.InterfaceIndex) : int.MaxValue;
    }

    private static int OfDefaultRoute(Rtnetlink rtnetlink)
    {
        foreach (RouteInfo route in rtnetlink.GetRoutes(isV6: false))
        {
            if (route.PrefixLength == 0 && route.Table == RouteInfo.MainTable)
            {
                return Of(rtnetlink, route.Mtu, route.InterfaceIndex);
            }
        }

        return int.MaxValue;
    }

    private static int Of(Rtnetlink rtnetlink, int routeMtu, uint interfaceIndex)
    {
        if (routeMtu > 0)
        {
            return routeMtu;
        }

        return interfaceIndex != 0 && rtnetlink.TryGetLink(interfaceIndex, out LinkInfo link) ? link.Mtu : int.MaxValue;
    }
}
