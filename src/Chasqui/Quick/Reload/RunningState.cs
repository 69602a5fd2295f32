using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>An interface as it is: all that <c>up</c> makes, but for what the control socket knows.</summary>
internal sealed record RunningState
{
    /// <summary>The MTU.</summary>
    internal required int Mtu { get; init; }

    /// <summary>Whether the link is up.</summary>
    internal bool IsUp { get; init; } = true;

    /// <summary>The mark of the tunnel's datagrams.</summary>
    internal uint Mark { get; init; }

    /// <summary>The addresses that somebody gave, in the kernel's order.</summary>
    internal IReadOnlyList<QuickAddress> Addresses { get; init; } = [];

    /// <summary>The addresses that the kernel made.</summary>
    internal IReadOnlyList<QuickAddress> LinkLocal { get; init; } = [];

    /// <summary>The routes without a gateway that somebody made, of whom there is no telling.</summary>
    internal IReadOnlySet<QuickRoute> Routes { get; init; } = new HashSet<QuickRoute>();

    /// <summary>Those of them that <c>up</c> would have made for what runs.</summary>
    internal IReadOnlyList<QuickRoute> OwnRoutes { get; init; } = [];

    /// <summary>All other IPv4 routes that somebody made: the kernel drops them with the last address.</summary>
    internal IReadOnlyList<RouteInfo> OtherRoutes { get; init; } = [];

    /// <summary>The detour of IPv4.</summary>
    internal Detour Detour4 { get; init; } = Detour.None;

    /// <summary>The detour of IPv6.</summary>
    internal Detour Detour6 { get; init; } = Detour.None;

    /// <summary>A table that nothing of other interfaces is in.</summary>
    internal uint FreeTable { get; init; }

    /// <summary>The knob src_valid_mark.</summary>
    internal string SourceMark { get; init; } = "1";

    /// <summary>Whether an address of a network takes the place of the first one when that goes, instead of going with it.</summary>
    internal bool PromotesSecondaries { get; init; }

    /// <summary>What the resolver was told; null if nobody knows.</summary>
    internal QuickNameServers? NameServers { get; init; }

    /// <summary>The detour of a family.</summary>
    internal Detour DetourOf(bool isV6) => isV6 ? Detour6 : Detour4;

    /// <summary>The network that the kernel makes a route to by itself, for an address; null if it makes none.</summary>
    internal static IpPrefix? ConnectedBy(QuickAddress address) =>
        address.Address.IsV4 && address.Length == address.Address.Bits ? null : address.Prefix;
}
