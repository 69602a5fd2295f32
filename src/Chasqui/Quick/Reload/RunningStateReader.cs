using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>Finds out how an interface is, and what of that is of <c>up</c>'s making.</summary>
/// <remarks>
/// Of <c>up</c>'s making is a route without a gateway, made by no daemon, to a network that a running peer is allowed, in a table that
/// <c>up</c> uses: which one, the note says; without one the packet filter, which only a detour has, and then the file. So is what a reload
/// that was killed was about to take away, which the note says too. Rules are ours if
/// they lead into the table of the running mark, or into one with a route through the interface, and the table is of the automatic kind.
/// What an administrator or a command made beside that is left alone.
/// </remarks>
internal sealed class RunningStateReader
{
    private const byte KernelProtocol = 2;

    private readonly Rtnetlink _rtnetlink;
    private readonly QuickFirewall _firewall;
    private readonly LinkInfo _link;

    internal RunningStateReader(Rtnetlink rtnetlink, QuickFirewall firewall, LinkInfo link)
    {
        _rtnetlink = rtnetlink;
        _firewall = firewall;
        _link = link;
    }

    /// <summary>Reads all of it.</summary>
    /// <param name="device">What the control socket says.</param>
    /// <param name="note">What was last made of the file, or null.</param>
    /// <param name="fileTable">The table of the file.</param>
    internal RunningState Read(DeviceSnapshot device, QuickNote? note, QuickTable fileTable)
    {
        List<RouteInfo> all = [.. _rtnetlink.GetRoutes(false), .. _rtnetlink.GetRoutes(true)];
        RouteInfo[] routes = [.. all.Where(route => route.InterfaceIndex == _link.Index && route.Protocol != KernelProtocol)];
        FirewallState? firewall4 = _firewall.Read(isV6: false), firewall6 = _firewall.Read(isV6: true);
        string table = note?.Table ?? (firewall4 is not null || firewall6 is not null ? "auto" : fileTable.ToString());
        Detour detour4 = ReadDetour(false, device.FwMark, routes, firewall4, table, note?.LeavingRules ?? []);
        Detour detour6 = ReadDetour(true, device.FwMark, routes, firewall6, table, note?.LeavingRules ?? []);
        ILookup<bool, AddressInfo> addresses = _rtnetlink.GetAddresses(_link.Index).ToLookup(static address => address.Address.IsIPv6LinkLocal);
        QuickAddress[] given = [.. addresses[false].Select(ToQuick)], linkLocal = [.. addresses[true].Select(ToQuick)];
        HashSet<QuickRoute> own = [.. OwnRoutes(device, table, [.. given, .. linkLocal], detour4, detour6), .. note?.Leaving ?? []];
        return new RunningState
        {
            Mtu = _link.Mtu,
            IsUp = _link.IsUp,
            Mark = device.FwMark,
            Addresses = given,
            LinkLocal = linkLocal,
            Routes = routes.Select(QuickRoute.Of).OfType<QuickRoute>().ToHashSet(),
            OwnRoutes = [.. routes.Where(IsBoot).Select(QuickRoute.Of).OfType<QuickRoute>().Where(own.Contains)],
            OtherRoutes = [.. routes.Where(route => !route.IsV6 && !(IsBoot(route) && QuickRoute.Of(route) is { } plain && own.Contains(plain)))],
            Detour4 = detour4,
            Detour6 = detour6,
            FreeTable = QuickRouting.FindFreeTable(all.Where(route => route.InterfaceIndex != _link.Index)),
            SourceMark = InterfaceSteps.ReadSourceMark(),
            PromotesSecondaries = InterfaceSteps.ReadPromotion(_link.Name),
            NameServers = note?.NameServers,
        };
    }

    private static bool IsBoot(RouteInfo route) => route.Protocol == RouteInfo.BootProtocol;

    private static QuickAddress ToQuick(AddressInfo address) =>
        new(IpAddress.FromBytes(address.Address.GetAddressBytes()), (byte)address.PrefixLength);

    private Detour ReadDetour(
        bool isV6, uint mark, RouteInfo[] routes, FirewallState? firewall, string table, IReadOnlyList<RuleInfo> leaving)
    {
        if (firewall is null && table != "auto")
        {
            return Detour.None;
        }

        HashSet<uint> tables = [.. routes.Where(route => route.IsV6 == isV6).Select(static route => route.Table), mark];
        IReadOnlyList<RuleInfo> rules = _rtnetlink.GetRules(isV6);
        RuleInfo? into = rules
            .Where(static rule => rule is { IsLookup: true, IsInverted: true, IsFromAll: true, Mark: not 0 } && rule.Mark == rule.Table)
            .Where(rule => tables.Contains(rule.Table))
            .Cast<RuleInfo?>()
            .FirstOrDefault();
        return new Detour(into, into is { } found ? QuickRouting.FindHiding(rules, found) : QuickRouting.FindHiding(rules, leaving), firewall);
    }

    private static IEnumerable<QuickRoute> OwnRoutes(
        DeviceSnapshot device, string table, IReadOnlyList<QuickAddress> addresses, Detour detour4, Detour detour6)
    {
        IpPrefix[] allowed = [.. device.Peers.SelectMany(static peer => peer.AllowedIps)];
        if (table == "off" && detour4.Firewall is null && detour6.Firewall is null)
        {
            return [];
        }

        if (uint.TryParse(table, out uint number))
        {
            return allowed.Select(prefix => new QuickRoute(prefix, number));
        }

        IpPrefix[] connected = [.. addresses.Select(RunningState.ConnectedBy).OfType<IpPrefix>()];
        IEnumerable<IpPrefix> rest = allowed.Where(static prefix => prefix.Length > 0);
        return
        [
            .. WantedState.RoutesFor(rest, QuickTable.Auto, connected, 0),
            .. Defaults(allowed, false, detour4.IntoTable?.Table ?? device.FwMark),
            .. Defaults(allowed, true, detour6.IntoTable?.Table ?? device.FwMark),
        ];
    }

    private static IEnumerable<QuickRoute> Defaults(IpPrefix[] allowed, bool isV6, uint table) => allowed
        .Where(prefix => prefix.Length == 0 && prefix.Address.IsV6 == isV6)
        .Select(prefix => new QuickRoute(prefix, table));
}
