using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

public class SuperPacketTests
{
    private const byte Ecn = 0x80;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void CutsAsTheNaiveSegmenterDoes(bool isV6, bool isTcp)
    {
        const int Seed = 41;
        var random = new Random(Seed);

        for (int round = 0; round < 400; round++)
        {
            TunPackets first = RandomFirst(random, isV6, isTcp);
            byte[] payload = TunPackets.RandomBytes(random, random.Next(1, 65400 - first.HeaderLength));
            int gsoSize = random.Next(8, 3000);

            List<byte[]> expected = NaiveSegmenter.Cut(first, payload, gsoSize);
            List<byte[]> packets = NaiveSegmenter.CutFrame(first.SuperFrame(payload, gsoSize));

            Assert.Equal(expected.Count, packets.Count);
            for (int i = 0; i < packets.Count; i++)
            {
                Assert.True(expected[i].AsSpan().SequenceEqual(packets[i]), $"seed {Seed}, round {round}, segment {i} of {packets.Count}");
            }
        }
    }

    [Fact]
    public void MarksCongestionWindowReducedOnTheFirstSegmentOnly()
    {
        var first = new TunPackets { Flags = TunPackets.Ack | TunPackets.Cwr | TunPackets.Ece | TunPackets.Push | TunPackets.Fin };
        byte[] frame = first.SuperFrame(new byte[3000], 1000);
        frame[1] |= Ecn;

        List<byte[]> packets = NaiveSegmenter.CutFrame(frame);

        Assert.Equal(
            [
                TunPackets.Ack | TunPackets.Cwr | TunPackets.Ece,
                TunPackets.Ack | TunPackets.Ece,
                TunPackets.Ack | TunPackets.Ece | TunPackets.Push | TunPackets.Fin,
            ],
            packets.Select(p => (int)p[33]));
        Assert.All(packets, p => Assert.True(NaiveChecksum.IsRight(p)));
    }

    [Fact]
    public void NumbersIpv4PacketsAcrossTheWrap()
    {
        List<byte[]> packets = NaiveSegmenter.CutFrame(new TunPackets { Identification = 0xFFFF }.SuperFrame(new byte[250], 100));

        Assert.Equal([0xFFFF, 0, 1], packets.Select(p => (int)BinaryPrimitives.ReadUInt16BigEndian(p.AsSpan(4))));
    }

    [Fact]
    public void RepeatsIpv4OptionsInEachSegment()
    {
        var first = new TunPackets { IpOptions = [7, 7, 4, 1, 2, 3, 4, 0] };
        byte[] payload = TunPackets.RandomBytes(new Random(3), 500);

        Assert.Equal(NaiveSegmenter.Cut(first, payload, 200), NaiveSegmenter.CutFrame(first.SuperFrame(payload, 200)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1040)]
    [InlineData(65535)]
    public void IgnoresTheHeaderLengthHint(int hint)
    {
        var first = new TunPackets();
        byte[] payload = TunPackets.RandomBytes(new Random(4), 2500);
        byte[] frame = first.SuperFrame(payload, 1000);
        BitConverter.TryWriteBytes(frame.AsSpan(2), (ushort)hint);

        Assert.Equal(NaiveSegmenter.Cut(first, payload, 1000), NaiveSegmenter.CutFrame(frame));
    }

    [Fact]
    public void TakesASuperPacketThatTheKernelVouchesForWithoutAPartialSum()
    {
        var first = new TunPackets { IsV6 = true };
        byte[] payload = TunPackets.RandomBytes(new Random(5), 2500);
        byte[] frame = TunPackets.Frame(first.Packet(payload), new(2, 4, 60, 1000, 0, 0));

        Assert.Equal(NaiveSegmenter.Cut(first, payload, 1000), NaiveSegmenter.CutFrame(frame));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void CompletesTheChecksumOfAPacketThatIsNotCut(bool isV6, bool isTcp)
    {
        var packets = new TunPackets { IsV6 = isV6, IsTcp = isTcp };
        for (int length = 0; length < 200; length++)
        {
            byte[] payload = TunPackets.RandomBytes(new Random(length), length);
            byte[] frame = packets.SuperFrame(payload, 0);
            frame[1] = 0;

            Assert.Equal([packets.Packet(payload)], NaiveSegmenter.CutFrame(frame));
        }
    }

    [Fact]
    public void GivesACompletePacketAsItIs()
    {
        byte[] packet = new TunPackets().Packet([1, 2, 3]);
        packet[^1] ^= 0xFF;

        Assert.True(SuperPacket.TryPlan(TunPackets.Frame(packet), out SegmentPlan plan));

        Assert.Equal(1, plan.Count);
        Assert.Equal(packet.Length, plan.LengthOf(0));
        Assert.Equal(0, plan.HeaderLength);
        Assert.Equal([packet], NaiveSegmenter.CutFrame(TunPackets.Frame(packet)));
    }

    [Fact]
    public void NeverWritesZeroAsAUdpChecksum()
    {
        var packets = new TunPackets { IsTcp = false };
        byte[] payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, ZeroMaker(packets));
        byte[] frame = packets.SuperFrame(payload, 100);

        byte[] cut = Assert.Single(NaiveSegmenter.CutFrame(frame));
        frame[1] = 0;
        byte[] whole = Assert.Single(NaiveSegmenter.CutFrame(frame));

        Assert.Equal([0xFF, 0xFF], cut.AsSpan(26, 2).ToArray());
        Assert.Equal([0xFF, 0xFF], whole.AsSpan(26, 2).ToArray());
    }

    [Fact]
    public void LeavesTheBytesBehindASegmentAlone()
    {
        byte[] destination = new byte[2000];
        destination.AsSpan().Fill(0xA5);
        Assert.True(SuperPacket.TryPlan(new TunPackets().SuperFrame(new byte[1500], 1000), out SegmentPlan plan));

        int length = plan.Write(1, destination);

        Assert.Equal(540, length);
        Assert.False(destination.AsSpan(540).ContainsAnyExcept((byte)0xA5));
    }

    /// <summary>The payload with which the sum of everything is 0xFFFF, so that its complement is zero.</summary>
    private static ushort ZeroMaker(TunPackets packets)
    {
        byte[] packet = packets.Packet([0, 0]);
        return BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(packets.ChecksumAt));
    }

    private static TunPackets RandomFirst(Random random, bool isV6, bool isTcp) => new()
    {
        IsV6 = isV6,
        IsTcp = isTcp,
        Sequence = (uint)random.NextInt64(1L << 32),
        Identification = (ushort)random.Next(65536),
        DontFragment = random.Next(2) == 0,
        TrafficClass = (byte)random.Next(256),
        HopLimit = (byte)random.Next(1, 256),
        Flags = (byte)(random.Next(256) & ~TunPackets.Syn),
        TcpOptions = TunPackets.RandomBytes(random, 4 * random.Next(11)),
    };
}
