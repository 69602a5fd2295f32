using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Cuts a super-packet the way one would explain it: build each packet anew and complete it.</summary>
internal static class NaiveSegmenter
{
    internal static List<byte[]> Cut(TunPackets first, ReadOnlySpan<byte> payload, int gsoSize)
    {
        var packets = new List<byte[]>();
        for (int at = 0; at < payload.Length; at += gsoSize)
        {
            bool isLast = at + gsoSize >= payload.Length;
            byte flags = first.Flags;
            flags = isLast ? flags : (byte)(flags & ~(TunPackets.Fin | TunPackets.Push));
            flags = at == 0 ? flags : (byte)(flags & ~TunPackets.Cwr);
            TunPackets segment = first with
            {
                Flags = flags,
                Sequence = first.Sequence + (uint)at,
                Identification = (ushort)(first.Identification + packets.Count),
            };
            packets.Add(segment.Packet(payload[at..Math.Min(at + gsoSize, payload.Length)]));
        }

        return packets;
    }

    /// <summary>A frame's packets, as the code under test gives them.</summary>
    internal static List<byte[]> CutFrame(ReadOnlySpan<byte> frame)
    {
        Assert.True(SuperPacket.TryPlan(frame, out SegmentPlan plan));
        var packets = new List<byte[]>();
        for (int i = 0; i < plan.Count; i++)
        {
            byte[] packet = new byte[plan.LengthOf(i)];
            Assert.Equal(packet.Length, plan.Write(i, packet));
            packets.Add(packet);
        }

        return packets;
    }
}
