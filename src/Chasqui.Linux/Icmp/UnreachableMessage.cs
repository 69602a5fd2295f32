using System.Buffers.Binary;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Icmp;

/// <summary>ICMP and ICMPv6 messages about UDP datagrams that did not arrive. Pure. Source: RFC 792, RFC 1812 section 5.2.7, RFC 4443.</summary>
internal static class UnreachableMessage
{
    /// <summary>ICMP: destination unreachable.</summary>
    internal const int TypeV4 = 3;

    /// <summary>ICMPv6: destination unreachable, and packet too big.</summary>
    internal const int UnreachableV6 = 1, TooBigV6 = 2;

    private const int UdpHeaderLength = 8;
    private const byte ProtocolUdp = 17;

    /// <summary>Reads what a raw socket gave: an IPv4 packet, or an ICMPv6 message.</summary>
    /// <param name="bytes">The bytes, from whoever sent them.</param>
    /// <param name="isV6">Which of the two.</param>
    /// <param name="error">What it says.</param>
    /// <returns><see langword="false"/> if it says nothing of the kind, or of something else than a UDP datagram.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, bool isV6, out NetworkError error)
    {
        error = default;
        ReadOnlySpan<byte> message = isV6 ? bytes : FirstPayload(bytes, IcmpPacket.Protocol);
        int errno = message.Length < IcmpPacket.HeaderLength ? 0 : isV6 ? ErrnoOfV6(message[0], message[1]) : ErrnoOfV4(message[0], message[1]);
        if (errno == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> quoted = message[IcmpPacket.HeaderLength..];
        return isV6 ? TryReadQuotedV6(quoted, errno, out error) : TryReadQuotedV4(quoted, errno, out error);
    }

    private static bool TryReadQuotedV4(ReadOnlySpan<byte> quoted, int errno, out NetworkError error)
    {
        error = default;
        ReadOnlySpan<byte> datagram = FirstPayload(quoted, ProtocolUdp);
        if (datagram.Length < UdpHeaderLength)
        {
            return false;
        }

        uint to = BinaryPrimitives.ReadUInt32BigEndian(quoted[16..]);
        error = new NetworkError(SourcePort(datagram), UdpAddress.V4(to, RemotePort(datagram)), errno);
        return true;
    }

    private static bool TryReadQuotedV6(ReadOnlySpan<byte> quoted, int errno, out NetworkError error)
    {
        error = default;
        if (quoted.Length < IcmpPacket.V6HeaderLength + UdpHeaderLength || quoted[0] >> 4 != 6 || quoted[6] != ProtocolUdp)
        {
            return false; // extension headers are nothing that we send
        }

        ReadOnlySpan<byte> datagram = quoted[IcmpPacket.V6HeaderLength..];
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(quoted[24..]), low = BinaryPrimitives.ReadUInt64BigEndian(quoted[32..]);
        error = new NetworkError(SourcePort(datagram), UdpAddress.V6(high, low, RemotePort(datagram), 0), errno);
        return true;
    }

    private static ushort SourcePort(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt16BigEndian(datagram);

    private static ushort RemotePort(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);

    /// <summary>As the kernel tells its own sockets. Source: icmp_err_convert of net/ipv4/icmp.c.</summary>
    private static int ErrnoOfV4(byte type, byte code) => (type, code) switch
    {
        (TypeV4, 0 or 6 or 9 or 11) => Errno.ENETUNREACH,
        (TypeV4, 1 or 7 or 8 or 10 or 12 or 13) => Errno.EHOSTUNREACH,
        (TypeV4, 2 or 3) => Errno.ECONNREFUSED,
        (TypeV4, 4) => Errno.EMSGSIZE,
        _ => 0,
    };

    /// <summary>What is forbidden far away is out of reach: EACCES would mean this machine.</summary>
    private static int ErrnoOfV6(byte type, byte code) => (type, code) switch
    {
        (UnreachableV6, 0) => Errno.ENETUNREACH,
        (UnreachableV6, 4) => Errno.ECONNREFUSED,
        (UnreachableV6, 1 or 2 or 3 or 5 or 6) => Errno.EHOSTUNREACH,
        (TooBigV6, _) => Errno.EMSGSIZE,
        _ => 0,
    };

    /// <summary>What an IPv4 packet carries, if it is of a protocol and no later fragment.</summary>
    private static ReadOnlySpan<byte> FirstPayload(ReadOnlySpan<byte> packet, byte protocol)
    {
        ReadOnlySpan<byte> payload = IcmpPacket.PayloadOfV4(packet, protocol);
        return !payload.IsEmpty && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) == 0 ? payload : default;
    }
}
