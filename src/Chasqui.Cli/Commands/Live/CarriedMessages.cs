using System.Buffers.Binary;
using Chasqui.Core.Wire;
using Chasqui.Linux.Tun;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Datagrams that a kernel carries together: seen on their way out before they are cut (UDP_SEGMENT), or on their way in after they were joined (UDP_GRO).</summary>
/// <remarks>
/// A packet socket does not say where one ends. The messages do: each data message of a session begins with the same eight bytes, and a counter that is a little higher.
/// That these stand in a ciphertext by chance is less likely than a forged tag.
/// </remarks>
internal static class CarriedMessages
{
    private const int MinimumV4 = 20, MinimumV6 = 40, UdpHeader = 8, SameBytes = 8;
    private const int MaxGap = 1 << 16;

    /// <summary>The UDP payload of an IP packet; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> PayloadOf(ReadOnlySpan<byte> packet)
    {
        int network = packet.IsEmpty ? int.MaxValue / 2 : packet[0] >> 4 == 6 ? MinimumV6 : Math.Max(MinimumV4, (packet[0] & 0x0F) * 4);
        return packet.Length > network + UdpHeader ? packet[(network + UdpHeader)..] : [];
    }

    /// <summary>Plans how a packet becomes the datagrams that it stands for.</summary>
    /// <param name="packet">From the IP header on, whole.</param>
    /// <param name="plan">Borrows the packet.</param>
    /// <returns><see langword="false"/> if it stands for no more than itself.</returns>
    internal static bool TryCut(ReadOnlySpan<byte> packet, out SegmentPlan plan)
    {
        plan = default;
        int length = LengthOfFirst(PayloadOf(packet));
        return length > 0 && SuperPacket.TryPlanDatagrams(packet, length, out plan);
    }

    /// <summary>The length of the first of several data messages; 0 if there is only one, or another message.</summary>
    private static int LengthOfFirst(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 * TransportView.MinimumLength || Datagram.Classify(payload) != MessageType.Transport)
        {
            return 0;
        }

        ulong counter = BinaryPrimitives.ReadUInt64LittleEndian(payload[SameBytes..]);
        ReadOnlySpan<byte> same = payload[..SameBytes];
        int at = TransportView.MinimumLength;
        while (payload[at..].IndexOf(same) is var found and >= 0 && at + found + TransportView.MinimumLength <= payload.Length)
        {
            at += found;
            ulong gap = BinaryPrimitives.ReadUInt64LittleEndian(payload[(at + SameBytes)..]) - counter;
            if (gap is > 0 and < MaxGap)
            {
                return at;
            }

            at++;
        }

        return 0;
    }
}
