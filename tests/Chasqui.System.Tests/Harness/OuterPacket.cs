using System.Buffers.Binary;
using System.Net;

namespace Chasqui.System.Tests.Harness;

/// <summary>A UDP packet as it crossed a namespace.</summary>
internal sealed record OuterPacket(
    bool IsOutgoing, IPAddress Source, int SourcePort, IPAddress Destination, int DestinationPort, byte TrafficClass, byte[] Payload)
{
    /// <summary>The type byte of a WireGuard message: 1 initiation, 2 response, 3 cookie reply, 4 data.</summary>
    public int MessageType => Payload.Length == 0 ? 0 : Payload[0];

    /// <summary>A data message that carries nothing.</summary>
    public bool IsKeepalive => MessageType == 4 && Payload.Length == 32;

    /// <summary>Reads an IP packet; <see langword="null"/> if it is not UDP in one piece.</summary>
    public static OuterPacket? Parse(ReadOnlySpan<byte> packet, bool isOutgoing)
    {
        if (packet.Length >= 28 && packet[0] >> 4 == 4 && packet[9] == 17)
        {
            var header = (packet[0] & 15) * 4;
            return Read(packet[12..16], packet[16..20], packet[1], packet[header..], isOutgoing);
        }

        if (packet.Length >= 48 && packet[0] >> 4 == 6 && packet[6] == 17)
        {
            var trafficClass = (byte)((packet[0] << 4) | (packet[1] >> 4));
            return Read(packet[8..24], packet[24..40], trafficClass, packet[40..], isOutgoing);
        }

        return null;
    }

    private static OuterPacket Read(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte trafficClass, ReadOnlySpan<byte> udp, bool isOutgoing) =>
        new(
            isOutgoing,
            new IPAddress(source),
            BinaryPrimitives.ReadUInt16BigEndian(udp),
            new IPAddress(destination),
            BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
            trafficClass,
            udp[8..].ToArray());
}
