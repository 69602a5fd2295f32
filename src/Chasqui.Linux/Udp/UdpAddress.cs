using System.Buffers.Binary;
using System.Net;

namespace Chasqui.Linux.Udp;

/// <summary>An address and a UDP port as a value, so that the packet path never allocates one.</summary>
/// <remarks>
/// Shape: 128 bits, most significant first; IPv4 in the first 32 bits of <see cref="High"/>. The default value is no address.
/// </remarks>
public readonly record struct UdpAddress
{
    private readonly byte _bits;

    private UdpAddress(ulong high, ulong low, byte bits, ushort port, uint scopeId)
    {
        High = high;
        Low = low;
        _bits = bits;
        Port = port;
        ScopeId = scopeId;
    }

    /// <summary>The first 64 bits of the address; IPv4 has its 32 bits at the top.</summary>
    public ulong High { get; }

    /// <summary>The last 64 bits of the address; zero for IPv4.</summary>
    public ulong Low { get; }

    /// <summary>The interface index of a link-local IPv6 address, else 0.</summary>
    public uint ScopeId { get; }

    /// <summary>The port, as people write it.</summary>
    public ushort Port { get; }

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsV4 => _bits == 32;

    /// <summary>Whether this is an IPv6 address.</summary>
    public bool IsV6 => _bits == 128;

    /// <summary>Whether this is no address at all.</summary>
    public bool IsNone => _bits == 0;

    /// <summary>An IPv4 address from its value, most significant byte first.</summary>
    public static UdpAddress V4(uint address, ushort port) => new((ulong)address << 32, 0, 32, port, 0);

    /// <summary>An IPv6 address from its two halves.</summary>
    public static UdpAddress V6(ulong high, ulong low, ushort port, uint scopeId) => new(high, low, 128, port, scopeId);

    /// <summary>The framework's address as a value. For set-up and tests.</summary>
    public static UdpAddress From(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        Span<byte> bytes = stackalloc byte[16];
        _ = endpoint.Address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? V4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endpoint.Port)
            : V6(
                BinaryPrimitives.ReadUInt64BigEndian(bytes),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
                (ushort)endpoint.Port,
                (uint)endpoint.Address.ScopeId);
    }

    /// <summary>The same address with another port.</summary>
    public UdpAddress WithPort(ushort port) => new(High, Low, _bits, port, ScopeId);

    /// <summary><c>192.0.2.1:51820</c> or <c>[2001:db8::1%2]:51820</c>; empty for no address.</summary>
    public override string ToString() =>
        IsNone ? "" : new IPEndPoint(IpText.ToIPAddress(High, Low, IsV6, ScopeId), Port).ToString();
}
