using System.Buffers.Binary;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>IP packets read and summed in the plainest way, to compare with.</summary>
internal static class NaiveIp
{
    /// <summary>RFC 1071, 16 bits at a time; not complemented.</summary>
    internal static ushort Sum(ReadOnlySpan<byte> data, uint initial)
    {
        ulong sum = initial;
        for (; data.Length >= sizeof(ushort); data = data[sizeof(ushort)..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(data);
        }

        sum += data.IsEmpty ? 0u : (uint)data[0] << 8;

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }

    internal static bool IsV6(ReadOnlySpan<byte> packet) => packet[0] >> 4 == 6;

    internal static int NetworkLength(ReadOnlySpan<byte> packet) => IsV6(packet) ? 40 : (packet[0] & 15) * 4;

    internal static byte Protocol(ReadOnlySpan<byte> packet) => IsV6(packet) ? packet[6] : packet[9];

    /// <summary>The sum of the pseudo header.</summary>
    internal static ushort Pseudo(ReadOnlySpan<byte> packet)
    {
        ushort addresses = Sum(IsV6(packet) ? packet[8..40] : packet[12..20], 0);
        int length = packet.Length - NetworkLength(packet);
        return Sum([0, Protocol(packet), (byte)(length >> 8), (byte)length], addresses);
    }

    /// <summary>Whether the packet is one whole IP packet: version, header and total length.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= 20 && packet[0] >> 4 == 4)
        {
            int header = (packet[0] & 15) * 4;
            return header >= 20 && header <= packet.Length && BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == packet.Length;
        }

        return packet.Length >= 40 && IsV6(packet) && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == packet.Length - 40;
    }

    /// <summary>Whether the bytes begin with one whole IP packet, and how long it is; the rest is padding.</summary>
    internal static bool IsPadded(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.Length switch
        {
            >= 20 when bytes[0] >> 4 == 4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            >= 40 when bytes[0] >> 4 == 6 => 40 + BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            _ => int.MaxValue,
        };
        return length <= bytes.Length && IsWhole(bytes[..length]);
    }

    /// <summary>Whether the IPv4 header sums up; IPv6 has no checksum there.</summary>
    internal static bool IsHeaderSound(ReadOnlySpan<byte> packet) =>
        IsV6(packet) || Sum(packet[..NetworkLength(packet)], 0) == 0xFFFF;

    /// <summary>Makes the checksums of a TCP or UDP packet right, whatever it says besides; other packets stay as they are.</summary>
    internal static void Complete(Span<byte> packet)
    {
        if (!IsWhole(packet) || Protocol(packet) is not (6 or 17))
        {
            return;
        }

        int network = NetworkLength(packet), at = network + (Protocol(packet) == 6 ? 16 : 6);
        if (!IsV6(packet))
        {
            packet[10..12].Clear();
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Sum(packet[..network], 0));
        }

        if (at + 2 <= packet.Length)
        {
            packet.Slice(at, 2).Clear();
            ushort sum = (ushort)~Sum(packet[network..], Pseudo(packet));
            BinaryPrimitives.WriteUInt16BigEndian(packet[at..], Protocol(packet) == 17 && sum == 0 ? (ushort)0xFFFF : sum);
        }
    }

    /// <summary>Checks everything that a TCP or UDP packet says about itself.</summary>
    internal static void CheckTransport(ReadOnlySpan<byte> packet)
    {
        Check.That(IsWhole(packet));
        Check.That(IsHeaderSound(packet));
        ReadOnlySpan<byte> transport = packet[NetworkLength(packet)..];
        Check.That(Sum(transport, Pseudo(packet)) == 0xFFFF, "the transport checksum is right");
        if (Protocol(packet) == 17)
        {
            Check.That(BinaryPrimitives.ReadUInt16BigEndian(transport[4..]) == transport.Length, "the UDP length is right");
            Check.That(BinaryPrimitives.ReadUInt16BigEndian(transport[6..]) != 0, "there is a UDP checksum");
        }
    }
}
