using System.Net;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick;

/// <content>A default route through the tunnel that the tunnel's own datagrams, marked, do not take.</content>
public sealed partial class QuickUp
{
    private const uint FirstTable = 51820;
    private const string SourceMarkKnob = "/proc/sys/net/ipv4/conf/all/src_valid_mark";

    private void AddDefaultRoute(IpPrefix prefix, IPNetwork network)
    {
        bool isV6 = prefix.Address.IsV6;
        uint table = _steps.Ask($"wg show {_name} fwmark", FindMark);
        if (table == 0)
        {
            table = _steps.Ask("ip route show", FindFreeTable);
            _steps.Do($"wg set {_name} fwmark {table}", "", () => _control.Set(_name, new DeviceChange { FwMark = table }));
        }

        AddRule(new RuleInfo { IsV6 = isV6, Mark = table, Table = table, IsInverted = true });
        AddRule(new RuleInfo { IsV6 = isV6, Table = RouteInfo.MainTable, SuppressPrefixLength = 0 });
        AddRoute(prefix, network, table, $" table {table}");
        if (!isV6)
        {
            AllowSourceMark();
        }

        _steps.Do(
            _firewall.AddWords(isV6),
            "It takes nftables, or iptables with its addrtype and connmark matches; Table = off does without.",
            () => _firewall.Add(isV6, table, _rtnetlink.GetAddresses(_index)),
            _firewall.RemoveWords(isV6),
            () => _firewall.Remove(isV6));
    }

    private uint FindMark()
    {
        using DeviceSnapshot device = _control.Get(_name);
        return device.FwMark;
    }

    private uint FindFreeTable()
    {
        HashSet<uint> taken = [.. _rtnetlink.GetRoutes(false).Concat(_rtnetlink.GetRoutes(true)).Select(static route => route.Table)];
        uint table = FirstTable;
        while (taken.Contains(table))
        {
            table++;
        }

        return table;
    }

    private void AddRule(RuleInfo rule)
    {
        string family = rule.IsV6 ? "-6" : "-4";
        RuleInfo added = rule;
        _steps.Do(
            $"ip {family} rule add {rule}",
            "The kernel needs policy routing (CONFIG_IP_MULTIPLE_TABLES, CONFIG_IPV6_MULTIPLE_TABLES).",
            () =>
            {
                _rtnetlink.AddRule(rule);

                // Its place among those that look the same, so that undoing takes away this one.
                added = rule with { Priority = _rtnetlink.GetRules(rule.IsV6).First(known => (known with { Priority = 0 }) == rule).Priority };
            },
            $"ip {family} rule delete {rule}",
            () => _rtnetlink.DeleteRule(added));
    }

    /// <summary>Lets the reverse path filter take a datagram's mark into account.</summary>
    private void AllowSourceMark()
    {
        string before = _steps.Ask("sysctl -n net.ipv4.conf.all.src_valid_mark", static () => File.ReadAllText(SourceMarkKnob).Trim());
        if (before == "1")
        {
            return;
        }

        _steps.Do(
            "sysctl -q net.ipv4.conf.all.src_valid_mark=1",
            "A container may need it set from outside.",
            static () => File.WriteAllText(SourceMarkKnob, "1"),
            $"sysctl -q net.ipv4.conf.all.src_valid_mark={before}",
            () => File.WriteAllText(SourceMarkKnob, before));
    }
}
