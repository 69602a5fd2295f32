using System.Buffers.Binary;

namespace Chasqui.Core.Wire;

/// <summary>The few fields of an inner IP packet that a tunnel reads, and the one that it writes.</summary>
/// <remarks>Source: RFC 791, RFC 8200 (headers); RFC 6040 (ECN in tunnels); RFC 1624 (checksum update).</remarks>
public static class IpPacket
{
    /// <summary>Length in bytes of an IPv4 header without options.</summary>
    public const int V4HeaderLength = 20;

    /// <summary>Length in bytes of an IPv6 header.</summary>
    public const int V6HeaderLength = 40;

    private const int EcnMask = 3;
    private const int NotEct = 0;
    private const int Ect0 = 2;
    private const int CongestionExperienced = 3;

    /// <summary>Reads the header of a decrypted packet.</summary>
    /// <param name="packet">The packet, with whatever padding follows it.</param>
    /// <param name="source">Its source address.</param>
    /// <param name="destination">Its destination address.</param>
    /// <param name="totalLength">Its length by its own header: never more than there is.</param>
    /// <param name="trafficClass">DSCP and ECN.</param>
    /// <returns>
    /// <see langword="false"/> if it is neither IPv4 nor IPv6, or shorter than its header says; the reason is always
    /// <see cref="DropReason.InvalidInnerPacket"/>.
    /// </returns>
    public static bool TryReadHeader(
        ReadOnlySpan<byte> packet, out IpAddress source, out IpAddress destination, out int totalLength, out byte trafficClass)
    {
        if (packet.Length >= V4HeaderLength && packet[0] >> 4 == 4)
        {
            source = IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
            destination = IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
            totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
            trafficClass = packet[1];
            int headerLength = (packet[0] & 15) * 4;
            return headerLength >= V4HeaderLength && totalLength >= headerLength && totalLength <= packet.Length;
        }

        if (packet.Length >= V6HeaderLength && packet[0] >> 4 == 6)
        {
            source = ReadV6(packet[8..]);
            destination = ReadV6(packet[24..]);
            totalLength = V6HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
            trafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4);
            return totalLength <= packet.Length;
        }

        source = destination = default;
        totalLength = 0;
        trafficClass = 0;
        return false;
    }

    /// <summary>Reads where a packet from the host's own stack goes; it needs a whole header and nothing more.</summary>
    /// <returns><see langword="false"/> if it is neither IPv4 nor IPv6.</returns>
    public static bool TryReadDestination(ReadOnlySpan<byte> packet, out IpAddress destination)
    {
        if (packet.Length >= V4HeaderLength && packet[0] >> 4 == 4)
        {
            destination = IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
            return true;
        }

        if (packet.Length >= V6HeaderLength && packet[0] >> 4 == 6)
        {
            destination = ReadV6(packet[24..]);
            return true;
        }

        destination = default;
        return false;
    }

    /// <summary>DSCP and ECN of a packet that one of the readers has accepted.</summary>
    public static byte TrafficClass(ReadOnlySpan<byte> packet) =>
        packet[0] >> 4 == 4 ? packet[1] : (byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4);

    /// <summary>The outer traffic class for a packet: no DSCP, so that it does not leak; the ECN field, so that routers may mark.</summary>
    /// <remarks>
    /// A CE mark inside becomes ECT(0) outside: congestion behind us is not congestion in the tunnel. Source: RFC 3168 §9.1.1.
    /// </remarks>
    public static byte EncapsulatedTrafficClass(byte innerTrafficClass)
    {
        int ecn = innerTrafficClass & EcnMask;
        return (byte)(ecn == CongestionExperienced ? Ect0 : ecn);
    }

    /// <summary>Whether an outer traffic class carries the mark that <see cref="SetCongestionExperienced"/> hands on.</summary>
    public static bool IsCongestionExperienced(byte trafficClass) => (trafficClass & EcnMask) == CongestionExperienced;

    /// <summary>Marks a packet that <see cref="TryReadHeader"/> has accepted with CE, if its sender understands marks.</summary>
    /// <returns>Whether the packet carries the mark; a Not-ECT packet stays as it is, and is not dropped (as in the kernel).</returns>
    public static bool SetCongestionExperienced(Span<byte> packet)
    {
        byte trafficClass = TrafficClass(packet);
        int ecn = trafficClass & EcnMask;
        if (ecn is NotEct or CongestionExperienced)
        {
            return ecn == CongestionExperienced;
        }

        if (packet[0] >> 4 == 4)
        {
            MarkV4(packet);
        }
        else
        {
            // The traffic class lies across two bytes: ECN is bits 5 and 4 of the second.
            packet[1] |= CongestionExperienced << 4;
        }

        return true;
    }

    private static void MarkV4(Span<byte> packet)
    {
        uint before = BinaryPrimitives.ReadUInt16BigEndian(packet);
        uint after = before | CongestionExperienced;
        packet[1] = (byte)after;

        // RFC 1624 equation 3: HC' = ~(~HC + ~m + m').
        uint checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
        uint sum = (~checksum & 0xffff) + (~before & 0xffff) + after;
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~sum);
    }

    private static IpAddress ReadV6(ReadOnlySpan<byte> bytes) =>
        IpAddress.V6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
}
