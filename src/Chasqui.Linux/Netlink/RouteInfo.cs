using System.Net;
using System.Net.Sockets;

namespace Chasqui.Linux.Netlink;

/// <summary>A route as the kernel described it, or one to add or to delete.</summary>
public readonly record struct RouteInfo
{
    /// <summary>The main table's number.</summary>
    public const uint MainTable = 254;

    /// <summary>The <see cref="Protocol"/> of routes that <c>ip route add</c> and we make.</summary>
    public const byte BootProtocol = 3;

    /// <summary>The address that it leads to.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>The bits of <see cref="Destination"/> that count.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>The routing table.</summary>
    public uint Table { get; init; }

    /// <summary>The interface it leaves by; 0 for none, or for several.</summary>
    public uint InterfaceIndex { get; init; }

    /// <summary>The router, or null.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The metric: of two routes to the same network the lower wins. 0 lets the kernel choose.</summary>
    public uint Metric { get; init; }

    /// <summary>The scope of rtnetlink(7): 0 for the universe, 253 for the link, 254 for the host.</summary>
    public byte Scope { get; init; }

    /// <summary>The type of rtnetlink(7): 1 for unicast.</summary>
    public byte Type { get; init; }

    /// <summary>Who made it, of rtnetlink(7): 2 for the kernel, 3 for an administrator's tool. 0 when it is added: 3.</summary>
    public byte Protocol { get; init; }

    /// <summary>The largest packet that it takes, in bytes; 0 if it does not say.</summary>
    public int Mtu { get; init; }

    /// <summary>Whether it is one of IPv6.</summary>
    public bool IsV6 => Destination.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Whether this route would take packets to all of a network: same family, no longer prefix, same leading bits.</summary>
    /// <remarks>Source: ip-route(8), <c>match</c>.</remarks>
    public bool Covers(IPNetwork network) =>
        PrefixLength <= network.PrefixLength
        && Destination.AddressFamily == network.BaseAddress.AddressFamily
        && SharesBits(Destination.GetAddressBytes(), network.BaseAddress.GetAddressBytes(), PrefixLength);

    /// <summary><c>address/length</c>.</summary>
    public override string ToString() => $"{Destination}/{PrefixLength}";

    private static bool SharesBits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int bits)
    {
        for (int bit = 0; bit < bits; bit++)
        {
            if (((left[bit / 8] ^ right[bit / 8]) & (0x80 >> (bit % 8))) != 0)
                return false;
        }

        return true;
    }
}
