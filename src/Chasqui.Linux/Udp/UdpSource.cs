namespace Chasqui.Linux.Udp;

/// <summary>Which of this machine's addresses and interfaces a datagram came to, or is to leave from.</summary>
/// <remarks>
/// Shape: as <see cref="UdpAddress"/> without a port. The default value leaves the choice to the routing table. An interface index of
/// 0 leaves the interface to the routing table and keeps the address. Source: IP_PKTINFO in ip(7), IPV6_PKTINFO in RFC 3542.
/// </remarks>
public readonly record struct UdpSource
{
    private readonly byte _bits;

    private UdpSource(ulong high, ulong low, byte bits, uint interfaceIndex)
    {
        High = high;
        Low = low;
        _bits = bits;
        InterfaceIndex = interfaceIndex;
    }

    /// <summary>The first 64 bits of the address; IPv4 has its 32 bits at the top.</summary>
    public ulong High { get; }

    /// <summary>The last 64 bits of the address; zero for IPv4.</summary>
    public ulong Low { get; }

    /// <summary>The interface, 0 for any.</summary>
    public uint InterfaceIndex { get; }

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsV4 => _bits == 32;

    /// <summary>Whether this is an IPv6 address.</summary>
    public bool IsV6 => _bits == 128;

    /// <summary>Whether the routing table chooses.</summary>
    public bool IsNone => _bits == 0;

    /// <summary>An IPv4 source from its value, most significant byte first.</summary>
    public static UdpSource V4(uint address, uint interfaceIndex) => new((ulong)address << 32, 0, 32, interfaceIndex);

    /// <summary>An IPv6 source from its two halves.</summary>
    public static UdpSource V6(ulong high, ulong low, uint interfaceIndex) => new(high, low, 128, interfaceIndex);

    /// <summary>The address, and the interface index after a <c>%</c> where there is one; empty for none.</summary>
    public override string ToString() => IsNone ? "" : InterfaceIndex == 0
        ? $"{IpText.ToIPAddress(High, Low, IsV6, 0)}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{IpText.ToIPAddress(High, Low, IsV6, 0)}%{InterfaceIndex}");
}
