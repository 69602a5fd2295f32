using System.Globalization;
using System.Net;
using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Udp;

namespace Chasqui.Provision;

/// <summary>What the machine's network has already: networks, UDP ports, an address of its own.</summary>
/// <remarks>Of the calling thread's network namespace. Threads: any.</remarks>
public static class HostNetworks
{
    // Of the calling thread, which may be in another namespace than the process's first one.
    private static readonly string[] SocketTables = ["/proc/thread-self/net/udp", "/proc/thread-self/net/udp6"];

    /// <summary>The networks of all addresses and routes, default routes among them.</summary>
    /// <exception cref="Linux.LinuxException">The kernel refuses.</exception>
    public static IReadOnlyList<IpPrefix> ReadNetworks()
    {
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        HashSet<IpPrefix> networks = [];
        foreach (AddressInfo address in rtnetlink.GetAddresses())
        {
            _ = networks.Add(ToPrefix(address.Address, address.PrefixLength));
        }

        foreach (RouteInfo route in rtnetlink.GetRoutes(isV6: false).Concat(rtnetlink.GetRoutes(isV6: true)))
        {
            _ = networks.Add(ToPrefix(route.Destination, route.PrefixLength));
        }

        return [.. networks];
    }

    /// <summary>The UDP ports that sockets have.</summary>
    public static IReadOnlySet<ushort> ReadUdpPorts()
    {
        HashSet<ushort> ports = [];
        foreach (string line in SocketTables.Where(File.Exists).SelectMany(static table => File.ReadLines(table).Skip(1)))
        {
            // "  12: 00000000:CA6C 00000000:0000 07 …": the local address and port. Source: proc(5).
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int colon = words.Length > 1 ? words[1].LastIndexOf(':') : -1;
            ReadOnlySpan<char> digits = colon < 0 ? default : words[1].AsSpan(colon + 1);
            if (ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort port))
            {
                _ = ports.Add(port);
            }
        }

        return ports;
    }

    /// <summary>The address that the machine has towards the world: where its default route leaves, IPv4 before IPv6.</summary>
    /// <remarks>Asks the routing table about documentation addresses (RFC 5737, RFC 3849); nothing is sent.</remarks>
    /// <returns>The address; none without a default route.</returns>
    public static IpAddress FindOwnAddress()
    {
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        RouteQuery v4 = new(UdpAddress.V4(0xC0000201, 0), default, 0, 0);
        if (rtnetlink.GetRoute(v4, out RouteAnswer answer) == 0 && answer.PreferredSource.IsV4)
        {
            return IpAddress.V4((uint)(answer.PreferredSource.High >> 32));
        }

        RouteQuery v6 = new(UdpAddress.V6(0x2001_0db8_0000_0000, 1, 0, 0), default, 0, 0);
        return rtnetlink.GetRoute(v6, out answer) == 0 && answer.PreferredSource.IsV6
            ? IpAddress.V6(answer.PreferredSource.High, answer.PreferredSource.Low)
            : default;
    }

    private static IpPrefix ToPrefix(IPAddress address, int length) => new(IpAddress.FromBytes(address.GetAddressBytes()), length);
}
