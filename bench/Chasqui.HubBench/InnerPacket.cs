using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.HubBench;

/// <summary>An IPv4 packet with UDP in it, with the checksums that it must have.</summary>
internal static class InnerPacket
{
    /// <summary>Bytes before the payload.</summary>
    internal const int HeaderLength = 28;

    /// <summary>Fills the whole of <paramref name="packet"/>.</summary>
    internal static void Write(Span<byte> packet, uint source, uint destination, int flow)
    {
        packet[..HeaderLength].Clear();
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[6] = 0x40; // don't fragment
        packet[8] = 64;
        packet[9] = 17;
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], destination);
        InternetChecksum.Store(packet[10..], InternetChecksum.Sum(packet[..20]));
        Span<byte> udp = packet[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)(10_000 + flow));
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], 7778);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        ulong pseudo = InternetChecksum.PseudoHeader(packet[12..20], 17, udp.Length);
        InternetChecksum.StoreNonZero(udp[6..], InternetChecksum.Combine(pseudo, 8, InternetChecksum.Sum(udp)));
    }
}
