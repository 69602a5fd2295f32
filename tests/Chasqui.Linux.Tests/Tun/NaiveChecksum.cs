using System.Buffers.Binary;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>RFC 1071 in its plainest form: 16 bits at a time, most significant byte first.</summary>
internal static class NaiveChecksum
{
    /// <summary>The folded sum, not complemented.</summary>
    internal static ushort Sum(ReadOnlySpan<byte> data, uint initial = 0)
    {
        ulong sum = initial;
        for (int i = 0; i < data.Length; i++)
        {
            sum += (i & 1) == 0 ? (uint)data[i] << 8 : data[i];
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }

    internal static ushort Pseudo(ReadOnlySpan<byte> packet, byte protocol)
    {
        bool isV6 = packet[0] >> 4 == 6;
        int network = isV6 ? 40 : (packet[0] & 15) * 4;
        ReadOnlySpan<byte> addresses = isV6 ? packet[8..40] : packet[12..20];
        byte[] header = [.. addresses, 0, 0, 0, 0, 0, 0, 0, protocol];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(addresses.Length), packet.Length - network);
        return Sum(header);
    }

    /// <summary>Writes the checksums of IPv4 header and TCP, UDP or ICMP; a UDP sum of zero as 0xFFFF.</summary>
    internal static void Complete(Span<byte> packet)
    {
        (int network, byte protocol, int at) = Places(packet);
        if (packet[0] >> 4 == 4)
        {
            packet[10] = packet[11] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Sum(packet[..network]));
        }

        packet[at] = packet[at + 1] = 0;
        ushort checksum = (ushort)~Sum(packet[network..], Pseudo(packet, protocol));
        BinaryPrimitives.WriteUInt16BigEndian(packet[at..], protocol == 17 && checksum == 0 ? (ushort)0xFFFF : checksum);
    }

    internal static void LeavePartial(Span<byte> packet)
    {
        (_, byte protocol, int at) = Places(packet);
        BinaryPrimitives.WriteUInt16BigEndian(packet[at..], Pseudo(packet, protocol));
    }

    /// <summary>Whether IPv4 header and transport sum up.</summary>
    internal static bool IsRight(ReadOnlySpan<byte> packet)
    {
        (int network, byte protocol, _) = Places(packet);
        return (packet[0] >> 4 == 6 || Sum(packet[..network]) == 0xFFFF) && Sum(packet[network..], Pseudo(packet, protocol)) == 0xFFFF;
    }

    private static (int Network, byte Protocol, int At) Places(ReadOnlySpan<byte> packet)
    {
        bool isV6 = packet[0] >> 4 == 6;
        int network = isV6 ? 40 : (packet[0] & 15) * 4;
        byte protocol = isV6 ? packet[6] : packet[9];
        return (network, protocol, network + (protocol == 6 ? 16 : protocol == 17 ? 6 : 2));
    }
}
