using System.Globalization;
using System.Net;
using Chasqui.Core;
using Chasqui.Core.Explain;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Udp;

namespace Chasqui.Explain;

/// <summary>Asks where packets for the peers' allowed addresses go.</summary>
internal sealed class RouteEvidenceReader
{
    // A hub of tens of thousands of peers: each question is a system call or two.
    private const int MaxQuestions = 4096;
    private const byte Unicast = 1;

    // For a default route: addresses that hardly anybody has a route of its own to.
    private static readonly IpAddress AnywhereV4 = IpAddress.V4(0x01000001), AnywhereV6 = IpAddress.V6(0x2a00_0000_0000_0000, 1);

    private readonly Rtnetlink _rtnetlink;
    private readonly LinkInfo _link;
    private readonly HashSet<IpAddress> _own;
    private readonly Dictionary<uint, string> _names = [];

    internal RouteEvidenceReader(Rtnetlink rtnetlink, LinkInfo link, IReadOnlyList<AddressInfo> addresses)
    {
        _rtnetlink = rtnetlink;
        _link = link;
        _own = [.. addresses.Select(static address => IpAddress.FromBytes(address.Address.GetAddressBytes()))];
    }

    internal IReadOnlyList<AllowedIpRoute> Read(TunnelStatus status)
    {
        List<RouteInfo> routes = [.. _rtnetlink.GetRoutes(isV6: false), .. _rtnetlink.GetRoutes(isV6: true)];
        _ = routes.RemoveAll(static route => route.Type != Unicast);
        List<AllowedIpRoute> found = [];
        foreach (PeerStatus peer in status.Peers)
        {
            foreach (IpPrefix prefix in peer.AllowedIps)
            {
                if (found.Count < MaxQuestions && FindAddress(prefix) is { IsNone: false } asked)
                {
                    found.Add(Ask(peer, prefix, asked, routes));
                }
            }
        }

        return found;
    }

    private AllowedIpRoute Ask(PeerStatus peer, IpPrefix prefix, IpAddress asked, List<RouteInfo> routes)
    {
        RouteQuery query = new(UdpAddress.From(new IPEndPoint(asked.ToIPAddress(), 0)), default, 0, 0);
        bool isFound = _rtnetlink.GetRoute(query, out RouteAnswer answer) == 0;
        bool isThrough = isFound && answer.InterfaceIndex == _link.Index;
        IPNetwork network = new(prefix.Address.ToIPAddress(), prefix.Length), one = new(asked.ToIPAddress(), asked.Bits);
        RouteInfo[] others = [.. routes.Where(route => route.InterfaceIndex != _link.Index && route.InterfaceIndex != 0)];

        // Not through: the longest that covers the address and is no default route. Through: one inside of the prefix takes a part away.
        RouteInfo? shadow = isThrough
            ? others.Where(route => route.PrefixLength > prefix.Length && prefix.Contains(AddressOf(route))).Cast<RouteInfo?>().FirstOrDefault()
            : others.Where(route => route.PrefixLength > 0 && route.Covers(one)).OrderByDescending(static route => route.PrefixLength)
                .Cast<RouteInfo?>().FirstOrDefault();
        return new AllowedIpRoute
        {
            Peer = peer.PublicKey,
            Prefix = prefix,
            Asked = asked,
            IsThroughTunnel = isThrough,
            OtherInterface = isFound && !isThrough && answer.InterfaceIndex != 0 ? NameOf(answer.InterfaceIndex) : null,
            HasRoute = routes.Exists(route => route.InterfaceIndex == _link.Index && route.Covers(network)),
            Shadow = shadow is { } other ? Words(other) : null,
        };
    }

    /// <summary>An address of a prefix that is not this machine's own; none if all are.</summary>
    private IpAddress FindAddress(IpPrefix prefix)
    {
        if (prefix.Length == 0)
        {
            return prefix.Address.IsV4 ? AnywhereV4 : AnywhereV6;
        }

        int hostBits = prefix.Address.Bits - prefix.Length;
        uint count = hostBits >= 8 ? 256u : 1u << hostBits;
        for (uint i = hostBits > 1 ? 1u : 0; i < count; i++)
        {
            IpAddress address = prefix.Address.IsV4
                ? IpAddress.V4((uint)(prefix.Address.High >> 32) + i)
                : IpAddress.V6(prefix.Address.High, prefix.Address.Low + i);
            if (!_own.Contains(address))
            {
                return address;
            }
        }

        return default;
    }

    private string Words(in RouteInfo route) => string.Create(
        CultureInfo.InvariantCulture,
        $"{route} {(route.Gateway is { } gateway ? $"via {gateway} " : "")}dev {NameOf(route.InterfaceIndex)}{(route.Metric == 0 ? "" : $" metric {route.Metric}")}");

    private string NameOf(uint index)
    {
        if (!_names.TryGetValue(index, out string? name))
        {
            name = _rtnetlink.TryGetLink(index, out LinkInfo link) ? link.Name : string.Create(CultureInfo.InvariantCulture, $"interface {index}");
            _names[index] = name;
        }

        return name;
    }

    private static IpAddress AddressOf(in RouteInfo route) => IpAddress.FromBytes(route.Destination.GetAddressBytes());
}
