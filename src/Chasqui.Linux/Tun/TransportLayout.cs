using System.Buffers.Binary;

namespace Chasqui.Linux.Tun;

/// <summary>Where the parts of a TCP or UDP packet lie.</summary>
/// <remarks>
/// A value is the proof that the packet is one whole IPv4 or IPv6 packet, not a fragment, that its length field is its length, and that
/// a full TCP or UDP header follows the IP header directly. IPv6 extension headers are refused.
/// </remarks>
internal readonly record struct TransportLayout
{
    internal const byte ProtocolTcp = 6;
    internal const byte ProtocolUdp = 17;
    internal const int Ipv4HeaderLength = 20;
    internal const int Ipv6HeaderLength = 40;
    internal const int UdpHeaderLength = 8;
    internal const int TcpHeaderLength = 20;

    private TransportLayout(bool isV6, bool isTcp, int networkLength, int headerLength)
    {
        IsV6 = isV6;
        IsTcp = isTcp;
        NetworkLength = networkLength;
        HeaderLength = headerLength;
    }

    internal bool IsV6 { get; }

    internal bool IsTcp { get; }

    /// <summary>Length of the IP header in bytes: where the transport header starts.</summary>
    internal int NetworkLength { get; }

    /// <summary>Length of IP and transport header in bytes: where the payload starts.</summary>
    internal int HeaderLength { get; }

    internal byte Protocol => IsTcp ? ProtocolTcp : ProtocolUdp;

    /// <summary>Where source and destination address lie, one behind the other, up to the end of a header without options.</summary>
    internal int AddressesAt => IsV6 ? 8 : 12;

    internal int AddressesLength => IsV6 ? 32 : 8;

    /// <summary>Where the transport checksum lies in the packet.</summary>
    internal int ChecksumAt => NetworkLength + (IsTcp ? 16 : 6);

    internal ReadOnlySpan<byte> AddressesOf(ReadOnlySpan<byte> packet) => packet.Slice(AddressesAt, AddressesLength);

    internal static bool TryRead(ReadOnlySpan<byte> packet, out TransportLayout layout)
    {
        layout = default;
        if (packet.Length < Ipv4HeaderLength + UdpHeaderLength)
        {
            return false;
        }

        return (packet[0] >> 4) switch
        {
            4 => TryReadV4(packet, out layout),
            6 => TryReadV6(packet, out layout),
            _ => false,
        };
    }

    private static bool TryReadV4(ReadOnlySpan<byte> packet, out TransportLayout layout)
    {
        layout = default;
        int networkLength = (packet[0] & 0x0F) * 4;

        // More-fragments bit or offset: a fragment has no transport header of its own, or one for more than itself.
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0;
        return networkLength >= Ipv4HeaderLength && !isFragment && BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == packet.Length
            && TryReadTransport(packet, isV6: false, packet[9], networkLength, out layout);
    }

    private static bool TryReadV6(ReadOnlySpan<byte> packet, out TransportLayout layout)
    {
        layout = default;
        return packet.Length >= Ipv6HeaderLength
            && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == packet.Length - Ipv6HeaderLength
            && TryReadTransport(packet, isV6: true, packet[6], Ipv6HeaderLength, out layout);
    }

    private static bool TryReadTransport(ReadOnlySpan<byte> packet, bool isV6, byte protocol, int networkLength, out TransportLayout layout)
    {
        layout = default;
        int room = packet.Length - networkLength;
        if (protocol == ProtocolUdp && room >= UdpHeaderLength)
        {
            layout = new(isV6, isTcp: false, networkLength, networkLength + UdpHeaderLength);
            return true;
        }

        if (protocol != ProtocolTcp || room < TcpHeaderLength)
        {
            return false;
        }

        int tcpLength = (packet[networkLength + 12] >> 4) * 4;
        layout = new(isV6, isTcp: true, networkLength, networkLength + tcpLength);
        return tcpLength >= TcpHeaderLength && tcpLength <= room;
    }
}
