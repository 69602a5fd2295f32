using System.Net;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

public sealed class UdpSocketTests
{
    private static readonly UdpOptions Plain = new() { UseSegmentation = false, UseCoalescing = false };

    [Fact]
    public void ReportsAPortThatIsTaken()
    {
        using UdpSocket first = UdpSocket.Open(UdpFamily.V4, new UdpOptions());

        LinuxException refused = Assert.Throws<LinuxException>(() => UdpSocket.Open(UdpFamily.V4, new UdpOptions { Port = first.Port }));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
        Assert.Contains($"0.0.0.0:{first.Port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BothFamiliesListenOnOnePort()
    {
        Loopback.SkipWithout(UdpFamily.V6);
        using UdpSocket four = UdpSocket.Open(UdpFamily.V4, new UdpOptions());
        using UdpSocket six = UdpSocket.Open(UdpFamily.V6, new UdpOptions { Port = four.Port });

        Assert.Equal(four.Port, six.Port);
        Assert.NotEqual(0, four.Port);
    }

    [Theory]
    [InlineData(UdpFamily.V4, Libc.IPPROTO_IP, Libc.IP_RECVERR, 0)]
    [InlineData(UdpFamily.V4, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, 0)]
    [InlineData(UdpFamily.V6, Libc.IPPROTO_IPV6, Libc.IPV6_RECVERR, 0)]
    [InlineData(UdpFamily.V6, Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, 0)]
    [InlineData(UdpFamily.V6, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1)]
    public void OptionsAreAsTheKernelsTunnelsHaveThem(UdpFamily family, int level, int option, int expected)
    {
        Loopback.SkipWithout(family);
        using UdpSocket socket = UdpSocket.Open(family, new UdpOptions());

        Assert.Equal(expected, Option(socket, level, option));
    }

    [Fact]
    public void TheMarkIsSetAndChanged()
    {
        SkipUnlessRoot();
        using UdpSocket socket = UdpSocket.Open(UdpFamily.V4, new UdpOptions { Mark = 0xCAFE });
        Assert.Equal(0xCAFE, Option(socket, Libc.SOL_SOCKET, Libc.SO_MARK));

        socket.SetMark(0xFFFFFFFF);
        Assert.Equal(-1, Option(socket, Libc.SOL_SOCKET, Libc.SO_MARK));

        socket.SetMark(0);
        Assert.Equal(0, Option(socket, Libc.SOL_SOCKET, Libc.SO_MARK));
    }

    [Fact]
    public void BuffersAreSevenMebibytesForThePrivileged()
    {
        SkipUnlessRoot();
        using UdpSocket socket = UdpSocket.Open(UdpFamily.V4, new UdpOptions());

        Assert.Equal(2 * UdpOptions.DefaultBufferBytes, socket.ReceiveBufferBytes);
        Assert.Equal(2 * UdpOptions.DefaultBufferBytes, socket.SendBufferBytes);
    }

    [Fact]
    public void OffloadsThatAreNotWantedAreOff()
    {
        using UdpSocket socket = UdpSocket.Open(UdpFamily.V4, Plain);

        Assert.Equal(new UdpOffloads(UdpOffloadState.NotWanted, UdpOffloadState.NotWanted), socket.Offloads);
        Assert.Equal(0, Option(socket, Libc.SOL_UDP, Libc.UDP_GRO));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryDatagramArrivesWhole(UdpFamily family, bool segments, bool coalesces, int segmentSize, int total)
    {
        using Loopback loopback = new(
            family, new UdpOptions { UseSegmentation = segments }, new UdpOptions { UseCoalescing = coalesces });
        byte[] datagrams = Pattern(total);
        int count = (total + segmentSize - 1) / segmentSize;

        SendResult result = loopback.Send(datagrams, segmentSize);
        List<byte[]> arrived = loopback.Receive(count);

        Assert.Equal(new SendResult(0, count), result);
        Assert.Equal(count, arrived.Count);
        Assert.All(arrived.SkipLast(1), datagram => Assert.Equal(segmentSize, datagram.Length));
        Assert.True(Loopback.AreWhole(datagrams, arrived));
    }

    [Theory]
    [InlineData(UdpFamily.V4)]
    [InlineData(UdpFamily.V6)]
    public void SixtyFourDatagramsAreOneMessageOnBothSides(UdpFamily family)
    {
        using Loopback loopback = new(family, new UdpOptions(), new UdpOptions());
        if (loopback.Sender.Offloads.Segmentation != UdpOffloadState.On || loopback.Receiver.Offloads.Coalescing != UdpOffloadState.On)
            Assert.Skip($"The kernel has no UDP offloads: {loopback.Sender.Offloads}.");

        _ = loopback.Send(Pattern(64 * 1000), 1000);

        Assert.Equal(64, loopback.Receive(64).Count);
        Assert.Equal(1, loopback.Messages);
    }

    [Theory]
    [InlineData(UdpFamily.V4, 65507)]
    [InlineData(UdpFamily.V6, 65527)]
    public void TheLongestDatagramArrivesAndOneByteMoreIsRefused(UdpFamily family, int longest)
    {
        using Loopback loopback = new(family, new UdpOptions(), new UdpOptions());

        Assert.Equal(new SendResult(Errno.EMSGSIZE, 0), loopback.Send(new byte[longest + 1], 0));
        Assert.True(loopback.Send(Pattern(longest), 0).IsComplete);

        Assert.Equal(Pattern(longest), Assert.Single(loopback.Receive(1)));
    }

    [Fact]
    public void AnEmptyDatagramIsAMessageWithoutDatagrams()
    {
        using Loopback loopback = new(UdpFamily.V4, new UdpOptions(), new UdpOptions());

        Assert.True(loopback.Send([], 0).IsComplete);

        ReceivedMessage message = loopback.NextBatch().Messages[0];
        Assert.Equal((0, 0, 0, false), (message.Length, message.SegmentSize, message.DatagramCount, message.IsTruncated));
        Assert.Equal(loopback.Sender.Port, message.Remote.Port);
    }

    [Fact]
    public void ADatagramTooLongForTheBufferIsFlaggedAndTheNextIsWhole()
    {
        using Loopback loopback = new(UdpFamily.V4, Plain, Plain, messageBytes: 100);

        _ = loopback.Send(new byte[101], 0);
        ReceivedMessage cut = loopback.NextBatch().Messages[0];
        _ = loopback.Send(new byte[100], 0);
        ReceivedMessage whole = loopback.NextBatch().Messages[0];

        Assert.True(cut.IsTruncated);
        Assert.Equal(0, cut.DatagramCount);
        Assert.False(whole.IsTruncated);
        Assert.Equal(100, whole.Length);
    }

    [Theory]
    [InlineData(UdpFamily.V4, 0)]
    [InlineData(UdpFamily.V4, 1)]
    [InlineData(UdpFamily.V4, 0x88)]
    [InlineData(UdpFamily.V4, 0xFF)]
    [InlineData(UdpFamily.V6, 0)]
    [InlineData(UdpFamily.V6, 3)]
    [InlineData(UdpFamily.V6, 0x88)]
    [InlineData(UdpFamily.V6, 0xFF)]
    public void TheTrafficClassGoesAcross(UdpFamily family, byte trafficClass)
    {
        using Loopback loopback = new(family, new UdpOptions(), new UdpOptions());

        Assert.True(loopback.Sender.Send(Pattern(300), 100, loopback.Remote, default, trafficClass).IsComplete);

        Assert.Equal(trafficClass, loopback.NextBatch().Messages[0].TrafficClass);
    }

    [Theory]
    [InlineData(0x7F000001u)]
    [InlineData(0x7F000002u)]
    [InlineData(0x7F0000FEu)]
    public void TheSourceAskedForIsTheSenderSeen(uint source)
    {
        using Loopback loopback = new(UdpFamily.V4, new UdpOptions(), new UdpOptions());

        SendResult result = loopback.Sender.Send(Pattern(300), 100, loopback.Remote, UdpSource.V4(source, 0), 0);

        Assert.True(result.IsComplete);
        Assert.Equal(UdpAddress.V4(source, loopback.Sender.Port), loopback.NextBatch().Messages[0].Remote);
    }

    [Theory]
    [InlineData(UdpFamily.V4)]
    [InlineData(UdpFamily.V6)]
    public void TheAnswerLeavesFromTheAddressAndInterfaceOfTheQuestion(UdpFamily family)
    {
        using Loopback loopback = new(family, new UdpOptions(), new UdpOptions());
        UdpAddress asked = family == UdpFamily.V4 ? UdpAddress.V4(0x7F000003, loopback.Receiver.Port) : loopback.Remote;
        _ = loopback.Sender.Send(Pattern(10), 0, asked, default, 0);
        ReceivedMessage question = loopback.NextBatch().Messages[0];

        Assert.Equal((asked.High, asked.Low, 1u), (question.Source.High, question.Source.Low, question.Source.InterfaceIndex));
        SendResult answer = loopback.Receiver.Send(Pattern(10), 0, question.Remote, question.Source, 0);

        Assert.True(answer.IsComplete);
        ReceiveBatch batch = new();
        Assert.Equal(PollEvents.Read, Poller.WaitOne(loopback.Sender.Descriptor, PollEvents.Read, 10_000));
        Assert.Equal(1, batch.Receive(loopback.Sender));
        Assert.Equal(asked, batch.Messages[0].Remote);
    }

    [Theory]
    [InlineData(UdpFamily.V4, false)]
    [InlineData(UdpFamily.V4, true)]
    [InlineData(UdpFamily.V6, false)]
    [InlineData(UdpFamily.V6, true)]
    public void ASourceThatIsNotOursIsToldApartAndDoesNotBlameSegmentation(UdpFamily family, bool isMissingInterface)
    {
        using Loopback loopback = new(family, new UdpOptions(), new UdpOptions());
        UdpSource gone = (family, isMissingInterface) switch
        {
            (UdpFamily.V4, false) => UdpSource.V4(0xC0000263, 0),
            (UdpFamily.V4, true) => UdpSource.V4(0x7F000001, 999_999),
            (_, false) => UdpSource.V6(0x20010db8_00000000, 0x63, 0),
            (_, true) => UdpSource.V6(0, 1, 999_999),
        };
        UdpOffloads before = loopback.Sender.Offloads;

        for (int i = 0; i < Segmentation.RouteRefusalLimit + 1; i++)
        {
            SendResult refused = loopback.Sender.Send(Pattern(300), 100, loopback.Remote, gone, 0);
            Assert.Equal(0, refused.Datagrams);
            Assert.True(refused.IsSourceGone, LinuxException.Describe(refused.Errno));
        }

        Assert.Equal(before, loopback.Sender.Offloads);
        Assert.True(loopback.Send(Pattern(300), 100).IsComplete);
    }

    [Fact]
    public void AReceiverOfTheOtherFamilyIsRefused()
    {
        using UdpSocket socket = UdpSocket.Open(UdpFamily.V4, new UdpOptions());

        Assert.Equal(new SendResult(Errno.EAFNOSUPPORT, 0), socket.Send([1], 0, UdpAddress.V6(0, 1, 9, 0), default, 0));
        Assert.Equal(new SendResult(Errno.EAFNOSUPPORT, 0), socket.Send([1], 0, default, default, 0));
    }

    [Fact]
    public void AnIcmpErrorDoesNotSurfaceInTheNextReceiveOrSend()
    {
        using UdpSocket socket = UdpSocket.Open(UdpFamily.V4, Plain);
        using UdpSocket closed = UdpSocket.Open(UdpFamily.V4, Plain);
        UdpAddress nobody = UdpAddress.From(new IPEndPoint(IPAddress.Loopback, closed.Port));
        closed.Dispose();

        for (int i = 0; i < 10; i++)
        {
            Assert.True(socket.Send([1], 0, nobody, default, 0).IsComplete);
            Assert.Equal(0, new ReceiveBatch(1, 100).Receive(socket));
        }
    }

    [Fact]
    public void SeveralThreadsSendAtOnce()
    {
        const int Threads = 4, Rounds = 50;
        using Loopback loopback = new(UdpFamily.V4, new UdpOptions(), new UdpOptions());
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            byte[] datagrams = new byte[10 * 50];
            Array.Fill(datagrams, (byte)number);
            for (int i = 0; i < Rounds; i++)
                _ = loopback.Sender.Send(datagrams, 50, loopback.Remote, UdpSource.V4(0x7F000001 + (uint)number, 0), (byte)(number << 2));
        }))];
        Array.ForEach(threads, thread => thread.Start());

        int[] arrived = new int[Threads];
        while (arrived.Sum() < Threads * Rounds * 10)
        {
            ReceiveBatch batch = loopback.NextBatch();
            foreach (ref readonly ReceivedMessage message in batch.Messages)
            {
                byte number = batch.Buffer[message.Offset];
                Assert.Equal(number << 2, message.TrafficClass);
                Assert.Equal(UdpAddress.V4(0x7F000001 + (uint)number, loopback.Sender.Port), message.Remote);
                arrived[number] += message.DatagramCount;
            }
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.All(arrived, count => Assert.Equal(Rounds * 10, count));
    }

    [Fact]
    public void ClosedSocketsRefuse()
    {
        UdpSocket socket = UdpSocket.Open(UdpFamily.V4, Plain);
        socket.Dispose();

        _ = Assert.Throws<ObjectDisposedException>(() => socket.Send([1], 0, UdpAddress.V4(0x7F000001, 9), default, 0));
        _ = Assert.Throws<ObjectDisposedException>(() => new ReceiveBatch(1, 100).Receive(socket));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SendingAndReceivingAllocateNothing(bool segments)
    {
        using Loopback loopback = new(UdpFamily.V4, new UdpOptions { UseSegmentation = segments }, new UdpOptions());
        byte[] datagrams = Pattern(3000);
        ReceiveBatch batch = new();
        UdpSource source = UdpSource.V4(0x7F000001, 0);

        // A path that a busy machine takes for the first time in the middle (waiting for room) is compiled then; steady it allocates nothing.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int seen = RoundTrips(loopback, batch, datagrams, source, 10_000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(30_000, seen);
        }

        Assert.Equal(0, least);
    }

    public static TheoryData<UdpFamily, bool, bool, int, int> Shapes()
    {
        TheoryData<UdpFamily, bool, bool, int, int> shapes = [];
        (int SegmentSize, int Total)[] sizes =
        [
            (1, 1), (1, 64), (1, 65), (1, 300), (2, 129), (63, 63 * 64), (148, 148 * 3), (1452, 1452 * 2), (1452, 1453), (1452, 1451),
            (1452, 1452 * 45), (1452, 1452 * 46), (1452, (1452 * 100) + 1), (1472, 65507), (9000, 90_000), (32_753, 65_506),
            (40_000, 80_000), (65_507, 131_014),
        ];
        foreach (UdpFamily family in new[] { UdpFamily.V4, UdpFamily.V6 })
        {
            foreach ((int segmentSize, int total) in sizes)
            {
                shapes.Add(family, true, true, segmentSize, total);
                shapes.Add(family, false, true, segmentSize, total);
                shapes.Add(family, true, false, segmentSize, total);
            }
        }

        return shapes;
    }

    private static int RoundTrips(Loopback loopback, ReceiveBatch batch, byte[] datagrams, UdpSource source, int rounds)
    {
        int seen = 0;
        for (int i = 0; i < rounds; i++)
        {
            _ = loopback.Sender.Send(datagrams, 1000, loopback.Remote, source, 2);
            _ = batch.Receive(loopback.Receiver);
            foreach (ref readonly ReceivedMessage message in batch.Messages)
                seen += message.DatagramCount;
        }

        return seen;
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) ^ (i >> 8));
        return bytes;
    }

    private static unsafe int Option(UdpSocket socket, int level, int option)
    {
        int value = -2;
        uint length = sizeof(int);
        Assert.Equal(0, Libc.getsockopt(socket.Descriptor, level, option, &value, &length));
        return value;
    }

    private static void SkipUnlessRoot()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Needs CAP_NET_ADMIN.");
    }
}
