using System.Net;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <content>Changes of interfaces, addresses, routes and rules.</content>
public sealed partial class Rtnetlink
{
    /// <summary>Sets an interface up or down.</summary>
    /// <exception cref="LinuxException">ENODEV, EPERM and the like.</exception>
    public void SetLinkUp(uint index, bool isUp)
    {
        Libc.ifinfomsg message = new() { ifi_index = (int)index, ifi_flags = isUp ? Libc.IFF_UP : 0, ifi_change = Libc.IFF_UP };
        Change(NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_NEWLINK, 0, message), Subject(index));
    }

    /// <summary>Sets the MTU of an interface.</summary>
    /// <exception cref="LinuxException">EINVAL: the interface cannot; ENODEV, EPERM and the like.</exception>
    public void SetMtu(uint index, int mtu)
    {
        Libc.ifinfomsg message = new() { ifi_index = (int)index };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_NEWLINK, 0, message);
        request.Add(Libc.IFLA_MTU, (uint)mtu);
        Change(request, Subject(index));
    }

    /// <summary>Deletes an interface, with its addresses and routes.</summary>
    /// <exception cref="LinuxException">ENODEV: there is none; EPERM, EOPNOTSUPP and the like.</exception>
    public void DeleteLink(uint index)
    {
        Libc.ifinfomsg message = new() { ifi_index = (int)index };
        Change(NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_DELLINK, 0, message), Subject(index));
    }

    /// <summary>Adds an address to an interface.</summary>
    /// <exception cref="LinuxException">EEXIST: it has it; ENODEV, EPERM and the like.</exception>
    public void AddAddress(uint index, IPAddress address, int prefixLength) =>
        ChangeAddress(Libc.RTM_NEWADDR, Libc.NLM_F_CREATE | Libc.NLM_F_EXCL, index, address, prefixLength);

    /// <summary>Takes an address from an interface.</summary>
    /// <exception cref="LinuxException">EADDRNOTAVAIL: it does not have it; ENODEV, EPERM and the like.</exception>
    public void DeleteAddress(uint index, IPAddress address, int prefixLength) =>
        ChangeAddress(Libc.RTM_DELADDR, 0, index, address, prefixLength);

    /// <summary>Adds a route through an interface without a gateway.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="destination">The network that it leads to.</param>
    /// <param name="table">The routing table; 0 for the main one.</param>
    /// <exception cref="LinuxException">EEXIST: there is one; ENETDOWN: the interface is down; EPERM and the like.</exception>
    public void AddRoute(uint index, IPNetwork destination, uint table) => ChangeRoute(
        Libc.RTM_NEWROUTE, Libc.NLM_F_CREATE | Libc.NLM_F_EXCL, LinkRoute(index, destination, table));

    /// <summary>Adds a route.</summary>
    /// <param name="route">The route; a table of 0 is the main one.</param>
    /// <exception cref="LinuxException">EEXIST: there is one; ENETDOWN: the interface is down; EPERM and the like.</exception>
    public void AddRoute(in RouteInfo route) => ChangeRoute(Libc.RTM_NEWROUTE, Libc.NLM_F_CREATE | Libc.NLM_F_EXCL, route);

    /// <summary>Deletes a route through an interface without a gateway.</summary>
    /// <exception cref="LinuxException">ESRCH: there is none; EPERM and the like.</exception>
    public void DeleteRoute(uint index, IPNetwork destination, uint table) =>
        ChangeRoute(Libc.RTM_DELROUTE, 0, LinkRoute(index, destination, table));

    /// <summary>Deletes the first route that has what the given one has; members that are not set do not count.</summary>
    /// <exception cref="LinuxException">ESRCH: there is none; EPERM and the like.</exception>
    public void DeleteRoute(in RouteInfo route) => ChangeRoute(Libc.RTM_DELROUTE, 0, route);

    /// <summary>Adds a rule of policy routing.</summary>
    /// <exception cref="LinuxException">EEXIST: there is one; EPERM, EAFNOSUPPORT and the like.</exception>
    public void AddRule(in RuleInfo rule) => ChangeRule(Libc.RTM_NEWRULE, Libc.NLM_F_CREATE | Libc.NLM_F_EXCL, rule);

    /// <summary>Deletes the first rule that has what the given one has; members that are not set do not count.</summary>
    /// <exception cref="LinuxException">ENOENT: there is none; EPERM and the like.</exception>
    public void DeleteRule(in RuleInfo rule) => ChangeRule(Libc.RTM_DELRULE, 0, rule);

    private static RouteInfo LinkRoute(uint index, IPNetwork destination, uint table)
    {
        RouteInfo route = new()
        {
            Destination = destination.BaseAddress,
            PrefixLength = destination.PrefixLength,
            InterfaceIndex = index,
            Table = table,
            Type = Libc.RTN_UNICAST,
        };
        return route with { Scope = route.IsV6 ? Libc.RT_SCOPE_UNIVERSE : Libc.RT_SCOPE_LINK };
    }

    private void ChangeAddress(ushort type, ushort flags, uint index, IPAddress address, int prefixLength)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] bytes = address.GetAddressBytes();
        Libc.ifaddrmsg message = new() { ifa_family = Family(bytes), ifa_prefixlen = (byte)prefixLength, ifa_index = index };
        if (bytes.Length == 4 && bytes[0] == 127)
            message.ifa_scope = Libc.RT_SCOPE_HOST;
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], type, flags, message);
        request.Add(Libc.IFA_LOCAL, bytes);
        request.Add(Libc.IFA_ADDRESS, bytes);
        Change(request, $"{address}/{prefixLength}");
    }

    private void ChangeRoute(ushort type, ushort flags, in RouteInfo route)
    {
        byte[] bytes = route.Destination.GetAddressBytes();
        Libc.rtmsg message = new()
        {
            rtm_family = Family(bytes),
            rtm_dst_len = (byte)route.PrefixLength,
            rtm_protocol = route.Protocol == 0 ? Libc.RTPROT_BOOT : route.Protocol,
            rtm_scope = route.Scope,
            rtm_type = route.Type,
        };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], type, flags, message);
        request.Add(Libc.RTA_DST, bytes);
        request.Add(Libc.RTA_TABLE, route.Table == 0 ? Libc.RT_TABLE_MAIN : route.Table);
        if (route.InterfaceIndex != 0)
            request.Add(Libc.RTA_OIF, route.InterfaceIndex);
        if (route.Gateway is not null)
            request.Add(Libc.RTA_GATEWAY, route.Gateway.GetAddressBytes());
        if (route.Metric != 0)
            request.Add(Libc.RTA_PRIORITY, route.Metric);
        Change(request, route.ToString());
    }

    private void ChangeRule(ushort type, ushort flags, in RuleInfo rule)
    {
        Libc.fib_rule_hdr message = new()
        {
            family = Family(rule.IsV6),
            action = Libc.FR_ACT_TO_TBL,
            flags = rule.IsInverted ? Libc.FIB_RULE_INVERT : 0,
        };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], type, flags, message);
        request.Add(Libc.FRA_TABLE, rule.Table);
        if (rule.Priority != 0)
            request.Add(Libc.FRA_PRIORITY, rule.Priority);
        if (rule.Mark != 0)
            request.Add(Libc.FRA_FWMARK, rule.Mark);
        if (rule.SuppressPrefixLength is { } length)
            request.Add(Libc.FRA_SUPPRESS_PREFIXLEN, (uint)length);
        Change(request, $"rule {rule}");
    }

    private void Change(NetlinkRequest request, string subject)
    {
        int errno = Exchange(request, answerType: 0, out _);
        if (errno != 0)
            throw new LinuxException("rtnetlink", subject, errno);
    }
}
