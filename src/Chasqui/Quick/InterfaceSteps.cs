using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick;

/// <summary>Steps on one interface that the kernel itself does.</summary>
internal sealed class InterfaceSteps
{
    private const string SourceMarkKnob = "/proc/sys/net/ipv4/conf/all/src_valid_mark";

    private readonly Rtnetlink _rtnetlink;
    private readonly string _name;

    internal InterfaceSteps(Rtnetlink rtnetlink, string interfaceName)
    {
        _rtnetlink = rtnetlink;
        _name = interfaceName;
    }

    /// <summary>The interface's number, known before the first step is done.</summary>
    internal uint Index { get; set; }

    internal QuickStep AddAddress(QuickAddress address) => new(
        $"ip -{Family(address)} address add {address} dev {_name}",
        "Is it twice in the file, or has IPv6 been turned off?",
        () => _rtnetlink.AddAddress(Index, address.Address.ToIPAddress(), address.Length))
    {
        UndoWords = $"ip -{Family(address)} address delete {address} dev {_name}",
        Undo = () => _rtnetlink.DeleteAddress(Index, address.Address.ToIPAddress(), address.Length),
    };

    internal QuickStep RemoveAddress(QuickAddress address) => Reverse(AddAddress(address), "");

    internal QuickStep SetMtuAndUp(int mtu) => new(
        string.Create(CultureInfo.InvariantCulture, $"ip link set mtu {mtu} up dev {_name}"),
        "IPv6 addresses take an MTU of 1280 or more.",
        () => SetMtu(mtu, isUp: true));

    /// <summary>Adds a route.</summary>
    /// <param name="prefix">Where to.</param>
    /// <param name="table">The table; 0 for the main one.</param>
    /// <param name="tableWords">How the table is called, after a blank; nothing for the main one.</param>
    internal QuickStep AddRoute(IpPrefix prefix, uint table, string tableWords)
    {
        string words = $"{prefix} dev {_name}{tableWords}";
        string family = prefix.Address.IsV6 ? "6" : "4";
        return new QuickStep(
            $"ip -{family} route add {words}",
            "Another interface may have that network already: see `ip route show'; Table = off adds no routes.",
            () => _rtnetlink.AddRoute(Index, QuickRouting.NetworkOf(prefix), table))
        {
            UndoWords = $"ip -{family} route delete {words}",
            Undo = () => _rtnetlink.DeleteRoute(Index, QuickRouting.NetworkOf(prefix), table),
        };
    }

    /// <summary>Whether a route of the interface in the main table leads to all of a network already.</summary>
    internal bool IsCovered(IpPrefix prefix)
    {
        System.Net.IPNetwork network = QuickRouting.NetworkOf(prefix);
        return _rtnetlink.GetRoutes(prefix.Address.IsV6).Any(
            route => route.InterfaceIndex == Index && route.Table == RouteInfo.MainTable && route.Covers(network));
    }

    internal QuickStep RemoveRoute(IpPrefix prefix, uint table) => Reverse(AddRoute(prefix, table, QuickTable.Words(table)), "");

    internal QuickStep AddRule(RuleInfo rule)
    {
        string family = rule.IsV6 ? "-6" : "-4";
        RuleInfo added = rule;
        return new QuickStep(
            $"ip {family} rule add {PriorityWords(rule)}{rule}",
            "The kernel needs policy routing (CONFIG_IP_MULTIPLE_TABLES, CONFIG_IPV6_MULTIPLE_TABLES).",
            () =>
            {
                _rtnetlink.AddRule(rule);

                // Its place among those that look the same, so that undoing takes away this one.
                added = rule.Priority != 0
                    ? rule
                    : rule with { Priority = _rtnetlink.GetRules(rule.IsV6).First(known => (known with { Priority = 0 }) == rule).Priority };
            })
        {
            UndoWords = $"ip {family} rule delete {PriorityWords(rule)}{rule}",
            Undo = () => _rtnetlink.DeleteRule(added),
        };
    }

    /// <summary>Removes a rule.</summary>
    /// <param name="rule">The rule, with its priority, which it gets again if that is undone.</param>
    internal QuickStep RemoveRule(RuleInfo rule) => Reverse(AddRule(rule), "");

    /// <summary>Takes a route away that somebody else made, whatever it is like.</summary>
    internal QuickStep RemoveRoute(RouteInfo route)
    {
        string gateway = route.Gateway is null ? "" : $" via {route.Gateway}";
        string words = $"{route}{gateway} dev {_name}{QuickTable.Words(route.Table)}";
        string family = route.IsV6 ? "6" : "4";
        return new QuickStep($"ip -{family} route delete {words}", "", () => _rtnetlink.DeleteRoute(route))
        {
            UndoWords = $"ip -{family} route add {words}",
            Undo = () => _rtnetlink.AddRoute(route),
        };
    }

    /// <summary>Gives it back.</summary>
    internal QuickStep ReturnRoute(RouteInfo route) => Reverse(RemoveRoute(route), "");

    /// <summary>Sets the MTU, and the link up if it is not.</summary>
    internal QuickStep SetMtu(int mtu, LinkInfo before)
    {
        string up = before.IsUp ? "" : " up", down = before.IsUp ? "" : " down";
        return new QuickStep(
            string.Create(CultureInfo.InvariantCulture, $"ip link set mtu {mtu}{up} dev {_name}"),
            "IPv6 addresses take an MTU of 1280 or more.",
            () => SetMtu(mtu, isUp: true))
        {
            UndoWords = string.Create(CultureInfo.InvariantCulture, $"ip link set mtu {before.Mtu}{down} dev {_name}"),
            Undo = () => SetMtu(before.Mtu, before.IsUp),
        };
    }

    /// <summary>Whether secondary addresses outlive the first one of their network, on this interface.</summary>
    internal static bool ReadPromotion(string interfaceName) =>
        File.ReadAllText(PromotionKnob("all")).Trim() != "0" || File.ReadAllText(PromotionKnob(interfaceName)).Trim() != "0";

    /// <summary>Makes secondary addresses outlive the first one of their network, or not.</summary>
    internal QuickStep SetPromotion(bool isOn)
    {
        string on = isOn ? "1" : "0", off = isOn ? "0" : "1";
        return new QuickStep(
            $"sysctl -q net/ipv4/conf/{_name}/promote_secondaries={on}",
            "A container may need it set from outside.",
            () => File.WriteAllText(PromotionKnob(_name), on))
        {
            UndoWords = $"sysctl -q net/ipv4/conf/{_name}/promote_secondaries={off}",
            Undo = () => File.WriteAllText(PromotionKnob(_name), off),
        };
    }

    /// <summary>Lets the reverse path filter take a datagram's mark into account.</summary>
    /// <param name="before">What it did before.</param>
    internal static QuickStep AllowSourceMark(string before) => new(
        "sysctl -q net.ipv4.conf.all.src_valid_mark=1",
        "A container may need it set from outside.",
        static () => File.WriteAllText(SourceMarkKnob, "1"))
    {
        UndoWords = $"sysctl -q net.ipv4.conf.all.src_valid_mark={before}",
        Undo = () => File.WriteAllText(SourceMarkKnob, before),
    };

    /// <summary>What <see cref="AllowSourceMark"/> would change.</summary>
    internal static string ReadSourceMark() => File.ReadAllText(SourceMarkKnob).Trim();

    private void SetMtu(int mtu, bool isUp)
    {
        _rtnetlink.SetMtu(Index, mtu);
        _rtnetlink.SetLinkUp(Index, isUp);
    }

    private static string PromotionKnob(string interfaceName) => $"/proc/sys/net/ipv4/conf/{interfaceName}/promote_secondaries";

    private static string PriorityWords(RuleInfo rule) =>
        rule.Priority == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"priority {rule.Priority} ");

    private static int Family(QuickAddress address) => address.Address.IsV6 ? 6 : 4;

    private static QuickStep Reverse(QuickStep step, string remedy) => new(step.UndoWords!, remedy, step.Undo!)
    {
        UndoWords = step.Words,
        Undo = step.Action,
    };
}
