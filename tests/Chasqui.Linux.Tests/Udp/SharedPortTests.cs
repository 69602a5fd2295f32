using System.Net;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

public sealed class SharedPortTests
{
    private static readonly UdpOptions Sharing = new() { SharesPort = true };

    [Theory]
    [InlineData(UdpFamily.V4)]
    [InlineData(UdpFamily.V6)]
    public void EverySenderStaysWithOneSocketAndAllSocketsGetSome(UdpFamily family)
    {
        const int Senders = 64, Each = 20;
        Loopback.SkipWithout(family);
        using UdpSocket first = Shared(family);
        using UdpSocket second = UdpSocket.Open(family, Sharing with { Port = first.Port });
        using UdpSocket third = UdpSocket.Open(family, Sharing with { Port = first.Port });
        UdpAddress remote = UdpAddress.From(new IPEndPoint(family == UdpFamily.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback, first.Port));
        for (int i = 0; i < Senders; i++)
        {
            using UdpSocket sender = UdpSocket.Open(family, new UdpOptions { UseSegmentation = false });
            for (int j = 0; j < Each; j++)
                Assert.True(sender.Send([(byte)i, (byte)j], 0, remote, default, 0).IsComplete);
        }

        List<(int Sender, int Number)>[] arrived = [Drain(first), Drain(second), Drain(third)];

        Assert.Equal(Senders * Each, arrived.Sum(list => list.Count));
        Assert.All(arrived, list => Assert.InRange(list.Count, Each, Senders * Each / 2));
        foreach (List<(int Sender, int Number)> list in arrived)
        {
            foreach (IGrouping<int, (int Sender, int Number)> one in list.GroupBy(datagram => datagram.Sender))
                Assert.Equal(Enumerable.Range(0, Each), one.Select(datagram => datagram.Number));
        }
    }

    [Fact]
    public void WhoeverDoesNotAskForItFindsThePortTaken()
    {
        using UdpSocket first = Shared(UdpFamily.V4);
        using UdpSocket second = UdpSocket.Open(UdpFamily.V4, Sharing with { Port = first.Port });

        LinuxException refused = Assert.Throws<LinuxException>(() => UdpSocket.Open(UdpFamily.V4, new UdpOptions { Port = first.Port }));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
    }

    [Fact]
    public void APortThatIsNotSharedIsTakenForAllWhoWouldShare()
    {
        using UdpSocket alone = UdpSocket.Open(UdpFamily.V4, new UdpOptions());

        LinuxException refused = Assert.Throws<LinuxException>(() => UdpSocket.Open(UdpFamily.V4, Sharing with { Port = alone.Port }));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
    }

    private static UdpSocket Shared(UdpFamily family)
    {
        UdpSocket socket = UdpSocket.Open(family, new UdpOptions());
        socket.SharePort();
        return socket;
    }

    private static List<(int Sender, int Number)> Drain(UdpSocket socket)
    {
        var batch = new ReceiveBatch();
        List<(int Sender, int Number)> all = [];
        while (batch.Receive(socket) > 0)
        {
            foreach (ref readonly ReceivedMessage message in batch.Messages)
            {
                int end = 0;
                while (message.Next(ref end, out int offset, out int _))
                    all.Add((batch.Buffer[offset], batch.Buffer[offset + 1]));
            }
        }

        return all;
    }
}
