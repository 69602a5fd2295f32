using System.Buffers.Binary;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>Inner packets for tests: a right header, a mark that must never be seen on the wire, and a number.</summary>
internal static class InnerPacket
{
    internal const int MinimumLength = IpPacket.V6HeaderLength + 16;

    internal static ReadOnlySpan<byte> Mark => "PLAINTXT"u8;

    /// <summary>An IPv4 or IPv6 packet of <paramref name="length"/> bytes that carries <paramref name="number"/>.</summary>
    internal static byte[] Make(IpAddress source, IpAddress destination, int length, ulong number, byte trafficClass = 0)
    {
        byte[] packet = new byte[length];
        int header = source.IsV4 ? WriteV4(packet, source, destination, trafficClass) : WriteV6(packet, source, destination, trafficClass);
        if (length >= header + 16)
        {
            Mark.CopyTo(packet.AsSpan(header));
            BinaryPrimitives.WriteUInt64LittleEndian(packet.AsSpan(header + 8), number);
            for (int i = header + 16; i < length; i++)
            {
                packet[i] = (byte)((number * 31) + (ulong)i);
            }
        }

        return packet;
    }

    /// <summary>The number in a packet, or null if it is not one of ours.</summary>
    internal static ulong? NumberOf(ReadOnlySpan<byte> packet)
    {
        int header = packet.Length > 0 && packet[0] >> 4 == 4 ? IpPacket.V4HeaderLength : IpPacket.V6HeaderLength;
        return packet.Length >= header + 16 && packet.Slice(header, 8).SequenceEqual(Mark)
            ? BinaryPrimitives.ReadUInt64LittleEndian(packet[(header + 8)..])
            : null;
    }

    /// <summary>The source address of an IP packet; none if it is not long enough for one.</summary>
    internal static IpAddress SourceOf(ReadOnlySpan<byte> packet) => AddressAt(packet, 12, 8);

    /// <summary>The destination address of an IP packet; none if it is not long enough for one.</summary>
    internal static IpAddress DestinationOf(ReadOnlySpan<byte> packet) => AddressAt(packet, 16, 24);

    /// <summary>The IPv4 header checksum: zero if the header is right as it stands.</summary>
    internal static ushort ChecksumV4(ReadOnlySpan<byte> packet) => Checksum(packet[..IpPacket.V4HeaderLength]);

    /// <summary>The Internet checksum of RFC 1071.</summary>
    internal static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += (i & 1) == 0 ? (uint)bytes[i] << 8 : bytes[i];
        }

        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static IpAddress AddressAt(ReadOnlySpan<byte> packet, int offsetV4, int offsetV6) => packet switch
    {
        [>= 0x40 and < 0x50, ..] when packet.Length >= IpPacket.V4HeaderLength => IpAddress.FromBytes(packet.Slice(offsetV4, 4)),
        [>= 0x60 and < 0x70, ..] when packet.Length >= IpPacket.V6HeaderLength => IpAddress.FromBytes(packet.Slice(offsetV6, 16)),
        _ => default,
    };

    private static int WriteV4(byte[] packet, IpAddress source, IpAddress destination, byte trafficClass)
    {
        packet[0] = 0x45;
        packet[1] = trafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        source.WriteBytes(packet.AsSpan(12));
        destination.WriteBytes(packet.AsSpan(16));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), ChecksumV4(packet));
        return IpPacket.V4HeaderLength;
    }

    private static int WriteV6(byte[] packet, IpAddress source, IpAddress destination, byte trafficClass)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x60000000u | ((uint)trafficClass << 20));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - IpPacket.V6HeaderLength));
        packet[6] = 17;
        packet[7] = 64;
        source.WriteBytes(packet.AsSpan(8));
        destination.WriteBytes(packet.AsSpan(24));
        return IpPacket.V6HeaderLength;
    }
}
