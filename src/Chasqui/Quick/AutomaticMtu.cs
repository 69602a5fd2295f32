using System.Net;
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

    /// <summary>Finds it.</summary>
    /// <param name="rtnetlink">The kernel.</param>
    /// <param name="endpoints">The peers' endpoints; those that are none do not count.</param>
    /// <param name="mark">The mark of the tunnel's datagrams, by which they find their way past a default route through it.</param>
    /// <param name="interfaceIndex">The interface itself: a way through it is none.</param>
    internal static int Find(Rtnetlink rtnetlink, IEnumerable<IpEndpoint> endpoints, uint mark, uint interfaceIndex)
    {
        int smallest = int.MaxValue;
        foreach (IpEndpoint endpoint in endpoints)
        {
            if (!endpoint.IsNone && endpoint.ScopeId == 0)
            {
                smallest = Math.Min(smallest, OfWay(rtnetlink, endpoint.Address, mark, interfaceIndex));
            }
        }

        if (smallest == int.MaxValue)
        {
            smallest = OfDefaultRoute(rtnetlink, interfaceIndex);
        }

        return (smallest is > 0 and < int.MaxValue ? smallest : Ethernet) - Headers;
    }

    private static int OfWay(Rtnetlink rtnetlink, IpAddress address, uint mark, uint interfaceIndex)
    {
        RouteQuery query = new(UdpAddress.From(new IPEndPoint(address.ToIPAddress(), 0)), default, mark, 0);
        bool isWay = rtnetlink.GetRoute(query, out RouteAnswer way) == 0 && way.InterfaceIndex != interfaceIndex;
        return isWay ? Of(rtnetlink, way.Mtu, way.InterfaceIndex) : int.MaxValue;
    }

    private static int OfDefaultRoute(Rtnetlink rtnetlink, uint interfaceIndex)
    {
        foreach (RouteInfo route in rtnetlink.GetRoutes(isV6: false))
        {
            if (route.PrefixLength == 0 && route.Table == RouteInfo.MainTable && route.InterfaceIndex != interfaceIndex)
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
