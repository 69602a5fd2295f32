using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Netlink;

namespace Chasqui.Fuzz.Targets;

/// <summary>What rtnetlink sends.</summary>
internal sealed class NetlinkTarget : IFuzzTarget
{
    private readonly GuardedBytes _bytes = new(2048);

    public string Name => "netlink";

    public string Summary => "RtnetlinkMessages over any bytes: events, links, and answers and dumps of addresses, routes and rules, and nothing read past the end";

    public int MaxLength => 2048;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. Link(Libc.RTM_NEWLINK), .. Link(Libc.RTM_DELLINK)],
        Route(),
        Link(Libc.RTM_NEWLINK)[16..],
        Route()[16..],
        Address()[16..],
        DumpedRoute()[16..],
        Rule()[16..],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        [16, 0, 0, 0, 16, 0], [16, 0, 0, 0, 17, 0], [16, 0, 0, 0, 24, 0], [16, 0, 0, 0, 20, 0], [16, 0, 0, 0, 32, 0], [16, 0, 0, 0, 4, 0],
        [8, 0, 4, 0], [8, 0, 3, 0], [8, 0, 45, 0], [8, 0, 49, 0], [8, 0, 7, 0], [20, 0, 7, 0],
        [8, 0, 1, 0], [8, 0, 2, 0], [20, 0, 1, 0], [20, 0, 2, 0], [8, 0, 5, 0], [20, 0, 5, 0], [8, 0, 6, 0], [8, 0, 10, 0], [8, 0, 14, 0],
        [8, 0, 15, 0], [12, 0, 8, 0, 8, 0, 2, 0],
    ];

    public void Run(ReadOnlySpan<byte> input) => Check.Same(Read(input, 0xFF), Read(input, 0x00), "what is read with other bytes behind");

    private string Read(ReadOnlySpan<byte> input, byte colour)
    {
        Span<byte> bytes = _bytes.Begin(input, colour);
        List<NetworkEvent> events = [];
        RtnetlinkMessages.ReadEvents(bytes, events);
        Check.That(events.Count <= bytes.Length / Unsafe.SizeOf<Libc.nlmsghdr>());
        bool isLink = RtnetlinkMessages.TryReadLink(bytes, out LinkInfo link, out bool isMoved);
        bool isRoute = RtnetlinkMessages.TryReadRoute(bytes, out RouteAnswer route);
        Check.That(isLink || link == default);
        Check.That(isRoute || route == default);
        string dumps = string.Join('\n', ReadAddress(bytes), ReadRoute(bytes), ReadRule(bytes));
        _bytes.CheckFences(input.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{isLink} {link} {isMoved} {isRoute} {route} {string.Join(' ', events)}\n{dumps}");
    }

    private static string ReadAddress(ReadOnlySpan<byte> body)
    {
        bool isRead = RtnetlinkMessages.TryReadAddress(body, out AddressInfo address);
        Check.That(isRead || address == default);
        if (!isRead)
        {
            return "no address";
        }

        Check.That(address.PrefixLength >= 0 && address.PrefixLength <= BitsOf(address.Address));
        Check.That(body.IndexOf(address.Address.GetAddressBytes()) >= 0, "an address is one of the message");
        return $"{address} {address.InterfaceIndex} {address.Scope}";
    }

    private static string ReadRoute(ReadOnlySpan<byte> body)
    {
        bool isRead = RtnetlinkMessages.TryReadRoute(body, out RouteInfo route);
        Check.That(isRead || route == default);
        if (!isRead)
        {
            return "no route";
        }

        Check.That(route.PrefixLength >= 0 && route.PrefixLength <= BitsOf(route.Destination));
        Check.That(route.Gateway is null || BitsOf(route.Gateway) == BitsOf(route.Destination), "a gateway is of the route's family");
        Check.That(route.Mtu >= 0);
        return $"{route} {route.Gateway} {route.Table} {route.InterfaceIndex} {route.Metric} {route.Scope} {route.Type} {route.Protocol} {route.Mtu}";
    }

    private static string ReadRule(ReadOnlySpan<byte> body)
    {
        bool isRead = RtnetlinkMessages.TryReadRule(body, out RuleInfo rule);
        Check.That(isRead || rule == default);
        if (!isRead)
        {
            return "no rule";
        }

        Check.That(rule.SuppressPrefixLength is null or >= 0);
        return $"{rule} {rule.IsV6} {rule.Priority} {rule.IsLookup} {rule.IsFromAll}";
    }

    private static int BitsOf(IPAddress address) => 8 * address.GetAddressBytes().Length;

    private static byte[] Link(ushort type)
    {
        byte[] bytes = new byte[256];
        NetlinkRequest request = NetlinkRequest.Begin(bytes, type, 0, new Libc.ifinfomsg { ifi_index = 5, ifi_flags = 1 });
        request.Add(Libc.IFLA_MTU, 1420);
        request.Add(Libc.IFLA_IFNAME, "wg0\0"u8);
        request.Add(Libc.IFLA_NEW_NETNSID, 3);
        return request.End(1).ToArray();
    }

    private static byte[] Route()
    {
        byte[] bytes = new byte[256];
        NetlinkRequest request = NetlinkRequest.Begin(bytes, Libc.RTM_NEWROUTE, 0, new Libc.rtmsg { rtm_family = (byte)Libc.AF_INET });
        request.Add(Libc.RTA_OIF, 3);
        request.Add(Libc.RTA_PREFSRC, 0x0100000A);
        return request.End(1).ToArray();
    }

    private static byte[] Address()
    {
        byte[] bytes = new byte[256];
        var message = new Libc.ifaddrmsg { ifa_family = (byte)Libc.AF_INET, ifa_prefixlen = 24, ifa_index = 5 };
        NetlinkRequest request = NetlinkRequest.Begin(bytes, Libc.RTM_NEWADDR, 0, message);
        request.Add(Libc.IFA_ADDRESS, 0x0200000A);
        request.Add(Libc.IFA_LOCAL, 0x0100000A);
        return request.End(1).ToArray();
    }

    private static byte[] DumpedRoute()
    {
        byte[] bytes = new byte[256];
        var message = new Libc.rtmsg { rtm_family = (byte)Libc.AF_INET6, rtm_dst_len = 64, rtm_table = 254, rtm_type = 1 };
        NetlinkRequest request = NetlinkRequest.Begin(bytes, Libc.RTM_NEWROUTE, 0, message);
        request.Add(Libc.RTA_DST, [0xfd, .. new byte[15]]);
        request.Add(Libc.RTA_GATEWAY, "0123456789abcdef"u8);
        request.Add(Libc.RTA_OIF, 3);
        request.Add(Libc.RTA_TABLE, 51820);
        request.Add(Libc.RTA_METRICS, [8, 0, (byte)Libc.RTAX_MTU, 0, 0x8c, 5, 0, 0]);
        return request.End(1).ToArray();
    }

    private static byte[] Rule()
    {
        byte[] bytes = new byte[256];
        var message = new Libc.fib_rule_hdr { family = (byte)Libc.AF_INET, action = (byte)Libc.FR_ACT_TO_TBL, flags = Libc.FIB_RULE_INVERT };
        NetlinkRequest request = NetlinkRequest.Begin(bytes, Libc.RTM_NEWRULE, 0, message);
        request.Add(Libc.FRA_PRIORITY, 99);
        request.Add(Libc.FRA_FWMARK, 51820);
        request.Add(Libc.FRA_TABLE, 51820);
        request.Add(Libc.FRA_SUPPRESS_PREFIXLEN, 0);
        return request.End(1).ToArray();
    }
}
