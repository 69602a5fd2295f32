using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Quick;

/// <content>A default route through the tunnel that the tunnel's own datagrams, marked, do not take.</content>
public sealed partial class QuickUp
{
    private void AddDefaultRoute(IpPrefix prefix)
    {
        bool isV6 = prefix.Address.IsV6;
        uint table = _steps.Ask($"wg show {_name} fwmark", FindMark);
        if (table == 0)
        {
            table = _steps.Ask("ip route show", FindFreeTable);
            _steps.Do($"wg set {_name} fwmark {table}", "", () => _control.Set(_name, new DeviceChange { FwMark = table }));
        }

        _steps.Do(_interface.AddRule(QuickRouting.IntoTable(isV6, table)));
        _steps.Do(_interface.AddRule(QuickRouting.HidingDefault(isV6)));
        Do(_interface.AddRoute(prefix, table, QuickTable.Words(table)));
        string sourceMark = isV6 ? "1" : _steps.Ask("sysctl -n net.ipv4.conf.all.src_valid_mark", InterfaceSteps.ReadSourceMark);
        if (sourceMark != "1")
        {
            _steps.Do(InterfaceSteps.AllowSourceMark(sourceMark));
        }

        _steps.Do(
            _firewall.AddWords(isV6),
            "It takes nftables, or iptables with its addrtype and connmark matches; Table = off does without.",
            () => _firewall.Add(isV6, table, QuickFirewall.AddressesOf(isV6, _rtnetlink.GetAddresses(_interface.Index))),
            _firewall.RemoveWords(isV6),
            () => _firewall.Remove(isV6));
    }

    private uint FindMark()
    {
        using DeviceSnapshot device = _control.Get(_name);
        return device.FwMark;
    }

    private uint FindFreeTable() => QuickRouting.FindFreeTable(_rtnetlink.GetRoutes(false).Concat(_rtnetlink.GetRoutes(true)));
}
