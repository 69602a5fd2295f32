using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>The packet path allocates nothing once its buffers exist.</summary>
public class TunAllocationTests
{
    private const int Packets = 10_000;

    [Fact]
    public void CutsWithoutAllocating()
    {
        byte[] frame = new TunPackets().SuperFrame(new byte[62000], 1380);
        byte[] destination = new byte[2000];

        Assert.Equal(0, Allocated(() => CutAll(frame, destination)));
    }

    [Fact]
    public void JoinsWithoutAllocating()
    {
        byte[][] frames =
        [
            .. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Range(1, 10).Select(host => TunPackets.Frame(new TunPackets
            {
                Host = (byte)host,
                IsV6 = host % 2 == 0,
                IsTcp = host % 3 != 0,
                Sequence = (uint)(i * 1000),
                Identification = (ushort)i,
            }.Packet(new byte[1000])))),
        ];
        var joiner = new PacketJoiner { JoinsTcp = true, JoinsUdp = true };

        Assert.Equal(0, Allocated(() => JoinAll(frames, joiner)));
    }

    [Fact]
    public void AnswersWithoutAllocating()
    {
        byte[] packet = new TunPackets().Packet(new byte[100]);
        byte[] answer = new byte[IcmpUnreachable.MaxLength];

        Assert.Equal(0, Allocated(() =>
        {
            for (int i = 0; i < Packets; i++)
            {
                _ = IcmpUnreachable.Build(packet, answer);
            }
        }));
    }

    private static long Allocated(Action run)
    {
        run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void CutAll(byte[] frame, byte[] destination)
    {
        for (int written = 0; written < Packets;)
        {
            _ = SuperPacket.TryPlan(frame, out SegmentPlan plan);
            for (int i = 0; i < plan.Count; i++, written++)
            {
                _ = plan.Write(i, destination);
            }
        }
    }

    private static void JoinAll(byte[][] frames, PacketJoiner joiner)
    {
        var sink = default(CountingSink);
        for (int added = 0; added < Packets;)
        {
            foreach (byte[] frame in frames)
            {
                joiner.Add(frame, ref sink);
                added++;
            }

            joiner.Flush(ref sink);
        }
    }

    private struct CountingSink : IPacketSink
    {
        internal long Bytes;

        public void Write(ReadOnlySpan<byte> frame) => Bytes += frame.Length;
    }
}
