using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

public class PacketJoinerTests
{
    private const int Segment = 1000;

    public static TheoryData<string> Differences() => [.. Different.Keys];

    /// <summary>What the next segment of a flow may not differ in.</summary>
    private static Dictionary<string, Func<TunPackets, TunPackets>> Different { get; } = new()
    {
        ["sequence ahead"] = p => p with { Sequence = p.Sequence + 1 },
        ["sequence behind"] = p => p with { Sequence = p.Sequence - 1 },
        ["acknowledgement"] = p => p with { Acknowledgement = 8 },
        ["window"] = p => p with { Window = 502 },
        ["traffic class (congestion experienced)"] = p => p with { TrafficClass = 3 },
        ["hop limit"] = p => p with { HopLimit = 63 },
        ["options"] = p => p with { TcpOptions = [1, 1, 1, 2] },
        ["length of options"] = p => p with { TcpOptions = [1, 1, 1, 1, 1, 1, 1, 1] },
        ["no ACK"] = p => p with { Flags = 0 },
    };

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void JoinsConsecutiveSegmentsIntoWhatTheKernelWouldGive(bool isV6, bool isTcp)
    {
        var first = new TunPackets { IsV6 = isV6, IsTcp = isTcp };
        byte[] payload = TunPackets.RandomBytes(new Random(1), (5 * Segment) + 300);

        List<byte[]> frames = Join(NaiveSegmenter.Cut(first, payload, Segment));

        Assert.Equal([first.SuperFrame(payload, Segment)], frames);
    }

    [Fact]
    public void LeavesALonePacketUntouched()
    {
        byte[] packet = new TunPackets().Packet(new byte[Segment]);

        Assert.Equal([TunPackets.Frame(packet)], Join([packet]));
    }

    [Fact]
    public void EndsASuperPacketWithAPushedSegment()
    {
        var first = new TunPackets();
        List<byte[]> packets = Continued(first, 5);
        TunPackets pushed = first with { Sequence = first.Sequence + (2 * Segment), Identification = 1002 };
        packets[2] = (pushed with { Flags = TunPackets.Ack | TunPackets.Push }).Packet(new byte[Segment]);

        List<byte[]> frames = Join(packets);

        Assert.Equal([3, 2], frames.Select(f => NaiveSegmenter.CutFrame(f).Count));
        Assert.Equal(TunPackets.Ack | TunPackets.Push, frames[0][VirtioNetHeader.Length + 33]);
        Assert.Equal(packets, frames.SelectMany(f => NaiveSegmenter.CutFrame(f)));
    }

    [Fact]
    public void WritesAPushedOrShortEndAtOnce()
    {
        var first = new TunPackets();
        var joiner = new PacketJoiner { JoinsTcp = true };
        var sink = new RecordingSink();
        foreach (byte[] packet in NaiveSegmenter.Cut(first, new byte[(2 * Segment) + 1], Segment))
        {
            Assert.Empty(sink.Frames);
            joiner.Add(TunPackets.Frame(packet), ref sink);
        }

        Assert.Single(sink.Frames);
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void StartsAnewWhenTheNextSegmentDiffers(string difference)
    {
        foreach (bool isV6 in new[] { false, true })
        {
            var first = new TunPackets { IsV6 = isV6, TcpOptions = [1, 1, 1, 1] };
            TunPackets next = first with { Sequence = first.Sequence + Segment, Identification = 1001 };
            List<byte[]> packets = [first.Packet(new byte[Segment]), Different[difference](next).Packet(new byte[Segment])];

            Assert.Equal(packets.Select(p => TunPackets.Frame(p)), Join(packets));
        }
    }

    [Fact]
    public void KeepsTheIdentificationOfPacketsThatMayBeFragmented()
    {
        TunPackets first = new() { DontFragment = false }, next = first with { Sequence = first.Sequence + Segment };

        Assert.Equal(2, Join([first.Packet(new byte[Segment]), (next with { Identification = 1002 }).Packet(new byte[Segment])]).Count);
        Assert.Single(Join([first.Packet(new byte[Segment]), (next with { Identification = 1001 }).Packet(new byte[Segment])]));
    }

    [Fact]
    public void JoinsAcrossAnyIdentificationOfPacketsThatMayNotBeFragmented()
    {
        TunPackets first = new() { Identification = 0 }, next = first with { Sequence = first.Sequence + Segment };

        Assert.Single(Join([first.Packet(new byte[Segment]), next.Packet(new byte[Segment])]));
    }

    [Theory]
    [InlineData(TunPackets.Ack | TunPackets.Fin)]
    [InlineData(TunPackets.Ack | TunPackets.Ece)]
    [InlineData(TunPackets.Ack | TunPackets.Cwr)]
    [InlineData(TunPackets.Syn)]
    [InlineData(0x04)]
    [InlineData(TunPackets.Ack | 0x20)]
    public void PassesOtherFlagsAfterTheirFlow(byte flags)
    {
        List<byte[]> packets = Continued(new TunPackets(), 3);
        uint sequence = new TunPackets().Sequence + (3 * Segment);
        packets.Add(new TunPackets { Flags = flags, Sequence = sequence, Identification = 1003 }.Packet(new byte[Segment]));

        List<byte[]> frames = Join(packets);

        Assert.Equal([3, 1], frames.Select(f => NaiveSegmenter.CutFrame(f).Count));
        Assert.Equal(TunPackets.Frame(packets[3]), frames[1]);
    }

    [Fact]
    public void PassesABareAcknowledgementAtOnceButAfterItsFlow()
    {
        var joiner = new PacketJoiner { JoinsTcp = true };
        var sink = new RecordingSink();
        byte[] data = new TunPackets { Host = 1 }.Packet(new byte[Segment]);
        byte[] ackOfOther = new TunPackets { Host = 2 }.Packet([]);
        byte[] ackOfSame = new TunPackets { Host = 1 }.Packet([]);

        joiner.Add(TunPackets.Frame(data), ref sink);
        joiner.Add(TunPackets.Frame(ackOfOther), ref sink);
        joiner.Add(TunPackets.Frame(ackOfSame), ref sink);

        Assert.Equal([TunPackets.Frame(ackOfOther), TunPackets.Frame(data), TunPackets.Frame(ackOfSame)], sink.Frames);
    }

    [Fact]
    public void PassesWhatHasNoPortsAfterAllFlowsOfItsHosts()
    {
        var joiner = new PacketJoiner { JoinsTcp = true, JoinsUdp = true };
        var sink = new RecordingSink();
        byte[] tcp = new TunPackets().Packet(new byte[Segment]);
        byte[] udp = new TunPackets { IsTcp = false }.Packet(new byte[Segment]);
        byte[] other = new TunPackets { Host = 9 }.Packet(new byte[Segment]);
        byte[] fragment = new TunPackets { IsTcp = false }.Packet(new byte[Segment]);
        fragment[7] = 100;

        foreach (byte[] packet in new[] { tcp, udp, other, fragment })
        {
            joiner.Add(TunPackets.Frame(packet), ref sink);
        }

        Assert.Equal([TunPackets.Frame(tcp), TunPackets.Frame(udp), TunPackets.Frame(fragment)], sink.Frames);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void NeverJoinsAWrongChecksum(bool isV6, int wrong)
    {
        List<byte[]> packets = Continued(new TunPackets { IsV6 = isV6 }, 4);
        packets[wrong][^1] ^= 1;

        List<byte[]> frames = Join(packets);

        Assert.Contains(frames, f => f.AsSpan().SequenceEqual(TunPackets.Frame(packets[wrong])));
        Assert.Equal(packets, frames.SelectMany(f => NaiveSegmenter.CutFrame(f)));
    }

    [Fact]
    public void NeverJoinsAWrongIpv4HeaderChecksum()
    {
        List<byte[]> packets = Continued(new TunPackets(), 3);
        packets[1][10] ^= 1;

        Assert.Equal(packets.Select(p => TunPackets.Frame(p)), Join(packets));
    }

    [Fact]
    public void NeverGivesADatagramWithoutChecksumOne()
    {
        // The payload with which a right checksum would be zero too: only the rule about zero keeps these two apart.
        var flow = new TunPackets { IsTcp = false };
        byte[] payload = new byte[Segment];
        flow.Packet(payload).AsSpan(flow.ChecksumAt, 2).CopyTo(payload);
        List<byte[]> packets = [flow.Packet(payload), flow.Packet(payload)];
        packets.ForEach(p => p.AsSpan(flow.ChecksumAt, 2).Clear());
        Assert.All(packets, p => Assert.True(NaiveChecksum.IsRight(p)));

        Assert.Equal(packets.Select(p => TunPackets.Frame(p)), Join(packets));
    }

    [Fact]
    public void EndsAUdpSuperPacketAfter64Datagrams()
    {
        List<byte[]> packets = Continued(new TunPackets { IsTcp = false }, 100, 100);

        Assert.Equal([64, 36], Join(packets).Select(f => NaiveSegmenter.CutFrame(f).Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NeverExceedsTheLengthField(bool isV6)
    {
        List<byte[]> packets = Continued(new TunPackets { IsV6 = isV6 }, 100, 1380);

        List<byte[]> frames = Join(packets);

        Assert.All(frames, f => Assert.InRange(f.Length, 1, TunDevice.MaxFrameLength));
        Assert.Equal(packets, frames.SelectMany(f => NaiveSegmenter.CutFrame(f)));
        Assert.Equal(3, frames.Count);
    }

    [Fact]
    public void JoinsInterleavedFlows()
    {
        List<byte[]>[] flows =
        [
            .. Enumerable.Range(1, PacketJoiner.MaxOpenFlows).Select(h => Continued(new TunPackets { Host = (byte)h }, 5)),
        ];

        List<byte[]> frames = Join([.. Enumerable.Range(0, 5).SelectMany(i => flows.Select(f => f[i]))]);

        Assert.Equal(flows, frames.Select(f => NaiveSegmenter.CutFrame(f)));
    }

    [Fact]
    public void ClosesTheOldestFlowForANinth()
    {
        var joiner = new PacketJoiner { JoinsTcp = true };
        var sink = new RecordingSink();
        for (byte host = 1; host <= 9; host++)
        {
            joiner.Add(TunPackets.Frame(new TunPackets { Host = host }.Packet(new byte[Segment])), ref sink);
        }

        Assert.Equal([TunPackets.Frame(new TunPackets { Host = 1 }.Packet(new byte[Segment]))], sink.Frames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void JoinsOnlyWhatTheDeviceTakes(bool isTcp)
    {
        List<byte[]> packets = Continued(new TunPackets { IsTcp = isTcp }, 3);

        Assert.Equal(packets.Select(p => TunPackets.Frame(p)), Join(packets, new PacketJoiner { JoinsTcp = !isTcp, JoinsUdp = isTcp }));
    }

    [Fact]
    public void ClearsTheRoomOfAPacketThatPasses()
    {
        byte[] frame = TunPackets.Frame(new TunPackets().Packet([]));
        frame.AsSpan(0, VirtioNetHeader.Length).Fill(0xFF);
        var sink = new RecordingSink();

        new PacketJoiner { JoinsTcp = true }.Add(frame, ref sink);

        Assert.Equal([TunPackets.Frame(new TunPackets().Packet([]))], sink.Frames);
    }

    [Fact]
    public void NeverThrowsOnGarbageAndLosesNothing()
    {
        const int Seed = 77;
        var random = new Random(Seed);
        var joiner = new PacketJoiner { JoinsTcp = true, JoinsUdp = true };
        for (int round = 0; round < 100_000; round++)
        {
            byte[] packet = random.Next(3) == 0
                ? TunPackets.RandomBytes(random, random.Next(100))
                : new TunPackets { IsV6 = random.Next(2) == 0, IsTcp = random.Next(2) == 0 }.Packet(new byte[random.Next(50)]);
            for (int changes = random.Next(3); changes > 0 && packet.Length > 0; changes--)
            {
                packet[random.Next(Math.Min(packet.Length, 60))] = (byte)random.Next(256);
            }

            var sink = new RecordingSink();
            joiner.Add(TunPackets.Frame(packet), ref sink);
            joiner.Flush(ref sink);

            bool isUnchanged = sink.Frames.Count == 1 && sink.Frames[0].AsSpan().SequenceEqual(TunPackets.Frame(packet));
            Assert.True(isUnchanged, $"seed {Seed}, round {round}");
        }
    }

    private static List<byte[]> Continued(TunPackets first, int count) => Continued(first, count, Segment);

    private static List<byte[]> Continued(TunPackets first, int count, int segment) =>
    [
        .. Enumerable.Range(0, count).Select(i => (first with
        {
            Sequence = first.Sequence + (uint)(i * segment),
            Identification = (ushort)(first.Identification + i),
        }).Packet(TunPackets.RandomBytes(new Random(i), segment))),
    ];

    private static List<byte[]> Join(List<byte[]> packets) => Join(packets, new PacketJoiner { JoinsTcp = true, JoinsUdp = true });

    private static List<byte[]> Join(List<byte[]> packets, PacketJoiner joiner)
    {
        var sink = new RecordingSink();
        foreach (byte[] packet in packets)
        {
            joiner.Add(TunPackets.Frame(packet), ref sink);
        }

        joiner.Flush(ref sink);
        return sink.Frames;
    }
}
