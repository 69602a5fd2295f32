using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Cutting what was joined gives every packet back, in the order of its flow.</summary>
public class JoinAndCutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void GivesRandomFlowsBack(int seed)
    {
        var random = new Random(seed);
        var joiner = new PacketJoiner { JoinsTcp = true, JoinsUdp = true };
        int packetCount = 0, frameCount = 0;

        for (int round = 0; round < 300; round++)
        {
            List<(int Flow, byte[] Packet)> batch = RandomBatch(random);
            var sink = new RecordingSink();
            foreach ((_, byte[] packet) in batch)
            {
                joiner.Add(TunPackets.Frame(packet), ref sink);
            }

            joiner.Flush(ref sink);
            List<byte[]> back = [.. sink.Frames.SelectMany(f => NaiveSegmenter.CutFrame(f))];
            packetCount += batch.Count;
            frameCount += sink.Frames.Count;

            Assert.Equal(batch.Count, back.Count);
            foreach (IGrouping<int, (int Flow, byte[] Packet)> flow in batch.GroupBy(b => b.Flow))
            {
                List<byte[]> expected = [.. flow.Select(b => b.Packet)];
                List<byte[]> actual = [.. back.Where(p => FlowOf(p) == flow.Key)];
                Assert.True(expected.Count == actual.Count, $"seed {seed}, round {round}, flow {flow.Key}");
                Assert.All(expected.Zip(actual), p => Assert.True(p.First.AsSpan().SequenceEqual(p.Second), $"seed {seed}, round {round}"));
            }
        }

        // Flows change their mind often here; still most packets must have been joined, or this test shows nothing.
        Assert.InRange(frameCount, 1, packetCount / 2);
    }

    /// <summary>Up to 12 flows that continue most of the time, interleaved in short runs.</summary>
    private static List<(int Flow, byte[] Packet)> RandomBatch(Random random)
    {
        TunPackets[] flows = [.. Enumerable.Range(0, random.Next(1, 13)).Select(i => RandomFlow(random, i))];
        int[] segments = [.. flows.Select(_ => random.Next(1, 1400))];
        var batch = new List<(int, byte[])>();
        for (int count = random.Next(1, 150); count > 0;)
        {
            int i = random.Next(flows.Length);
            for (int run = random.Next(1, 40); run > 0 && count > 0; run--, count--)
            {
                int length = random.Next(20) == 0 ? random.Next(segments[i] + 200) : segments[i];
                TunPackets packet = Disturb(random, flows[i]);
                batch.Add((i, packet.Packet(TunPackets.RandomBytes(random, length))));
                flows[i] = flows[i] with
                {
                    Sequence = packet.Sequence + (uint)length,
                    Identification = (ushort)(packet.Identification + 1),
                };
            }
        }

        return batch;
    }

    private static TunPackets RandomFlow(Random random, int index) => new()
    {
        IsV6 = random.Next(2) == 0,
        IsTcp = random.Next(3) > 0,
        Host = (byte)random.Next(3),
        SourcePort = (ushort)(20000 + index),
        Sequence = (uint)random.NextInt64(1L << 32),
        Identification = (ushort)random.Next(65536),
        TrafficClass = (byte)random.Next(256),
        DontFragment = random.Next(2) == 0,
        TcpOptions = TunPackets.RandomBytes(random, 4 * random.Next(5)),
    };

    private static TunPackets Disturb(Random random, TunPackets packet) => random.Next(60) switch
    {
        0 => packet with { Flags = (byte)random.Next(256) },
        1 => packet with { Sequence = packet.Sequence + 17 },
        2 => packet with { Window = 9 },
        3 => packet with { TrafficClass = (byte)(packet.TrafficClass ^ 3) },
        4 or 5 => packet with { Flags = TunPackets.Ack | TunPackets.Push },
        6 => packet with { DontFragment = !packet.DontFragment },
        _ => packet,
    };

    private static int FlowOf(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(packet[0] >> 4 == 6 ? 40 : 20)) - 20000;
}
