using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick.Reload;

/// <summary>An interface as its file wants it: what <c>up</c> would make of the file, and what must stay of what runs.</summary>
/// <remarks>
/// What the file's commands made stays as far as that can be told: an address that a <c>PreUp</c> or <c>PostUp</c> names, a mark or an MTU
/// that the file does not give if one of them sets <c>fwmark</c> or <c>mtu</c>.
/// </remarks>
internal sealed record WantedState
{
    /// <summary>The addresses of the file in its order, and those of its commands.</summary>
    internal IReadOnlyList<QuickAddress> Addresses { get; init; } = [];

    /// <summary>The MTU.</summary>
    internal required int Mtu { get; init; }

    /// <summary>The mark of the tunnel's datagrams; 0 for none.</summary>
    internal uint Mark { get; init; }

    /// <summary>The routes, in the order in which <c>up</c> makes them.</summary>
    internal IReadOnlyList<QuickRoute> Routes { get; init; } = [];

    /// <summary>Whether all IPv4 traffic makes a detour through the tunnel.</summary>
    internal bool HasDetour4 { get; init; }

    /// <summary>Whether all IPv6 traffic does.</summary>
    internal bool HasDetour6 { get; init; }

    /// <summary>What the resolver is to be told.</summary>
    internal QuickNameServers NameServers { get; init; } = QuickNameServers.None;

    /// <summary>What a file wants.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mark">The file's mark; null if it has none.</param>
    /// <param name="peers">The peers as they will be.</param>
    /// <param name="running">The interface as it is.</param>
    /// <param name="automaticMtu">The MTU that <c>up</c> would find; called if it is needed.</param>
    internal static WantedState Of(QuickFile file, uint? mark, DeviceOutcome peers, RunningState running, Func<int> automaticMtu)
    {
        QuickTable table = QuickTable.Read(file.Conf, file.Path);
        List<IpPrefix> prefixes = QuickRouting.Order(peers.AllowedIps);
        bool hasDetour4 = table.IsAuto && prefixes.Exists(static prefix => prefix is { Length: 0, Address.IsV4: true });
        bool hasDetour6 = table.IsAuto && prefixes.Exists(static prefix => prefix is { Length: 0, Address.IsV6: true });
        string commands = string.Join('\n', file.Conf.PreUp.Concat(file.Conf.PostUp));
        QuickAddress[] addresses =
        [
            .. file.Addresses.Distinct(),
            .. running.Addresses.Except(file.Addresses).Where(address => NamesAddress(commands, address.Address.ToString())),
        ];
        uint wantedMark = ChooseMark(mark, hasDetour4 || hasDetour6, running, Names(commands, "fwmark"));
        IEnumerable<IpPrefix> connected = addresses.Concat(running.LinkLocal).Select(RunningState.ConnectedBy).OfType<IpPrefix>();
        return new WantedState
        {
            Addresses = addresses,
            Mtu = file.Mtu ?? (Names(commands, "mtu") ? running.Mtu : automaticMtu()),
            Mark = wantedMark,
            Routes = RoutesFor(prefixes, table, [.. connected], wantedMark),
            HasDetour4 = hasDetour4,
            HasDetour6 = hasDetour6,
            NameServers = QuickNameServers.Of(file.Conf),
        };
    }

    /// <summary>Whether a family makes the detour.</summary>
    internal bool HasDetour(bool isV6) => isV6 ? HasDetour6 : HasDetour4;

    /// <summary>The routes that <c>up</c> makes.</summary>
    /// <param name="prefixes">The allowed addresses, in the order of <see cref="QuickRouting.Order"/>.</param>
    /// <param name="table">The file's table.</param>
    /// <param name="connected">The networks that the kernel makes routes to.</param>
    /// <param name="mark">The table of a default route of its own.</param>
    internal static List<QuickRoute> RoutesFor(IEnumerable<IpPrefix> prefixes, QuickTable table, IReadOnlyList<IpPrefix> connected, uint mark)
    {
        List<QuickRoute> routes = [];
        foreach (IpPrefix prefix in table.IsOff ? [] : prefixes)
        {
            if (!table.IsAuto)
            {
                routes.Add(new QuickRoute(prefix, table.Number));
            }
            else if (prefix.Length == 0)
            {
                routes.Add(new QuickRoute(prefix, mark));
            }
            else if (!connected.Any(network => network.Length <= prefix.Length && network.Contains(prefix.Address)))
            {
                routes.Add(new QuickRoute(prefix, RouteInfo.MainTable));
            }
        }

        return routes;
    }

    private static uint ChooseMark(uint? mark, bool hasDetour, RunningState running, bool isSetByCommand)
    {
        if (mark is > 0)
        {
            return mark.Value;
        }

        if (isSetByCommand && running.Mark != 0)
        {
            return running.Mark;
        }

        if (!hasDetour)
        {
            return 0;
        }

        // The file's mark of yesterday is none of ours, the one that up chose stays.
        return QuickRouting.IsChosenTable(running.Mark) ? running.Mark : running.FreeTable;
    }

    /// <summary>Whether commands have an address in them, which 10.0.0.1 is not in 10.0.0.10.</summary>
    private static bool NamesAddress(string commands, string address)
    {
        int at = commands.IndexOf(address, StringComparison.OrdinalIgnoreCase);
        while (at >= 0)
        {
            int end = at + address.Length;
            if ((at == 0 || !IsInAddress(commands[at - 1])) && (end == commands.Length || !IsInAddress(commands[end])))
            {
                return true;
            }

            at = commands.IndexOf(address, end, StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }

    private static bool IsInAddress(char c) => char.IsAsciiHexDigit(c) || c is '.' or ':';

    private static bool Names(string commands, string word) => commands.Contains(word, StringComparison.OrdinalIgnoreCase);
}
