using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>A route through the interface, as <c>up</c> makes them: without a gateway.</summary>
/// <param name="Prefix">Where to.</param>
/// <param name="Table">The routing table; never 0.</param>
internal readonly record struct QuickRoute(IpPrefix Prefix, uint Table)
{
    /// <summary><c>10.0.0.0/8 table 51820</c>; the main table is not named.</summary>
    public override string ToString() => $"{Prefix}{QuickTable.Words(Table)}";

    /// <summary>The route of the kernel's that this is; null for one with a gateway, or that is no route to hosts.</summary>
    internal static QuickRoute? Of(RouteInfo route)
    {
        const byte Unicast = 1;
        if (route.Type != Unicast || route.Gateway is not null)
        {
            return null;
        }

        IpAddress address = IpAddress.FromBytes(route.Destination.GetAddressBytes());
        return new QuickRoute(new IpPrefix(address, route.PrefixLength), route.Table);
    }
}
