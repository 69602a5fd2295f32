using System.Buffers.Binary;

namespace Chasqui.Linux.Tun;

/// <summary>Builds the answer to a packet that cannot be delivered: "host unreachable", or "address unreachable" for IPv6.</summary>
/// <remarks>
/// The answer comes from the destination that cannot be reached. It enters through the TUN device, and a packet that arrives there from
/// an address of the host itself is dropped as martian (RFC 1812 §5.3.7); the unreachable destination is routed to the device, so that
/// reverse path filters let it pass as well. Source: RFC 792, RFC 1122 §3.2.2, RFC 1812 §4.3.2, RFC 4443 §2.4 and §3.1.
/// </remarks>
public static class IcmpUnreachable
{
    /// <summary>Length in bytes of the longest answer.</summary>
    public const int MaxLength = 1280;

    private const int MaxLengthV4 = 576;
    private const int IcmpHeaderLength = 8;
    private const byte ProtocolIcmp = 1;
    private const byte ProtocolIcmpV6 = 58;
    private const byte HopLimit = 64;

    /// <summary>Builds the answer to <paramref name="packet"/>, where one may be sent.</summary>
    /// <param name="packet">The IP packet that could not be delivered.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes, apart from the packet.</param>
    /// <returns>The length of the answer in bytes; 0 if the packet may not be answered: it is malformed, an ICMP error, not the first
    /// fragment, sent to more than one host, or from an address that is not one host's.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public static int Build(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        if (packet.Length < TransportLayout.Ipv4HeaderLength)
        {
            return 0;
        }

        return (packet[0] >> 4) switch
        {
            4 => BuildV4(packet, destination),
            6 => BuildV6(packet, destination),
            _ => 0,
        };
    }

    private static int BuildV4(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        const int Header = TransportLayout.Ipv4HeaderLength;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (totalLength > packet.Length || !MayBeAnsweredV4(packet[..totalLength]))
        {
            return 0;
        }

        // RFC 1812 §4.3.2.3: as much of the original as 576 bytes hold. Control traffic has precedence 6 (§4.3.2.5). A packet that may
        // not be fragmented needs no identification (RFC 6864).
        int quoted = Math.Min(totalLength, MaxLengthV4 - Header - IcmpHeaderLength);
        int length = Header + IcmpHeaderLength + quoted;
        Span<byte> answer = destination[..length];
        answer[..(Header + IcmpHeaderLength)].Clear();
        answer[0] = 0x45;
        answer[1] = 0xC0;
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)length);
        answer[6] = 0x40;
        answer[8] = HopLimit;
        answer[9] = ProtocolIcmp;
        packet[16..20].CopyTo(answer[12..]);
        packet[12..16].CopyTo(answer[16..]);
        InternetChecksum.Store(answer[10..12], InternetChecksum.SumScalar(answer[..Header]));

        Span<byte> icmp = answer[Header..];
        icmp[0] = 3;
        icmp[1] = 1;
        packet[..quoted].CopyTo(icmp[IcmpHeaderLength..]);
        InternetChecksum.Store(icmp[2..4], InternetChecksum.Sum(icmp));
        return length;
    }

    private static int BuildV6(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        const int Header = TransportLayout.Ipv6HeaderLength;
        if (packet.Length < Header)
        {
            return 0;
        }

        int totalLength = Header + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (totalLength > packet.Length)
        {
            return 0;
        }

        packet = packet[..totalLength];
        if (!IsOneHostV6(packet[8..24]) || !IsOneHostV6(packet[24..40]) || !MayBeAnsweredV6(packet))
        {
            return 0;
        }

        int quoted = Math.Min(packet.Length, MaxLength - Header - IcmpHeaderLength);
        int length = Header + IcmpHeaderLength + quoted;
        Span<byte> answer = destination[..length];
        answer[..(Header + IcmpHeaderLength)].Clear();
        answer[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(answer[4..], (ushort)(length - Header));
        answer[6] = ProtocolIcmpV6;
        answer[7] = HopLimit;
        packet[24..40].CopyTo(answer[8..]);
        packet[8..24].CopyTo(answer[24..]);

        Span<byte> icmp = answer[Header..];
        icmp[0] = 1;
        icmp[1] = 3;
        packet[..quoted].CopyTo(icmp[IcmpHeaderLength..]);
        ulong sum = InternetChecksum.PseudoHeader(answer[8..40], ProtocolIcmpV6, icmp.Length) + InternetChecksum.Sum(icmp);
        InternetChecksum.Store(icmp[2..4], sum);
        return length;
    }

    /// <summary>No fragment but the first, between single hosts, and no ICMP error.</summary>
    private static bool MayBeAnsweredV4(ReadOnlySpan<byte> packet)
    {
        int networkLength = packet.IsEmpty ? 0 : (packet[0] & 0x0F) * 4;
        return networkLength >= TransportLayout.Ipv4HeaderLength && packet.Length >= networkLength
            && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) == 0
            && IsOneHostV4(packet[12..16]) && IsOneHostV4(packet[16..20])
            && (packet[9] != ProtocolIcmp || IsIcmpQuery(packet[networkLength..]));
    }

    /// <summary>Not 0/8, 127/8, 224/4 or 240/4, broadcast included. Which others are broadcast only the route knows.</summary>
    private static bool IsOneHostV4(ReadOnlySpan<byte> address) => address[0] is not (0 or 127 or >= 224);

    /// <summary>Not multicast, unspecified or loopback.</summary>
    private static bool IsOneHostV6(ReadOnlySpan<byte> address) =>
        address[0] != 0xFF && (address[..15].ContainsAnyExcept((byte)0) || address[15] > 1);

    /// <summary>Echo, router discovery, timestamp, information and mask: what is not known to be a query may be an error.</summary>
    private static bool IsIcmpQuery(ReadOnlySpan<byte> icmp) => icmp.Length > 0 && icmp[0] is 0 or 8 or 9 or 10 or (>= 13 and <= 18);

    /// <summary>Walks the extension headers: no fragment but the first, and no ICMPv6 error or redirect behind them.</summary>
    private static bool MayBeAnsweredV6(ReadOnlySpan<byte> packet)
    {
        byte next = packet[6];
        ReadOnlySpan<byte> rest = packet[TransportLayout.Ipv6HeaderLength..];
        while (next is 0 or 43 or 44 or 60)
        {
            // Hop-by-hop, routing and destination options say their length in units of 8 bytes beyond the first; a fragment header has 8.
            int length = next == 44 || rest.Length < 2 ? 8 : (rest[1] + 1) * 8;
            if (rest.Length < length || (next == 44 && (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0xFFF8) != 0))
            {
                return false;
            }

            next = rest[0];
            rest = rest[length..];
        }

        return next != ProtocolIcmpV6 || (rest.Length > 0 && rest[0] is >= 128 and not 137);
    }
}
