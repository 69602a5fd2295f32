using System.Net;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Tests.Netlink;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

/// <summary>What needs a network of its own: small MTUs, vanished addresses, devices that refuse.</summary>
public sealed class UdpSocketRouteTests
{
    [Theory]
    [InlineData(UdpFamily.V4)]
    [InlineData(UdpFamily.V6)]
    public void DatagramsLargerThanTheRouteGoOneByOneAndArriveWhole(UdpFamily family)
    {
        using Sandbox sandbox = new();
        sandbox.Rtnetlink.SetMtu(sandbox.LoopbackIndex, 1400);
        using Loopback loopback = sandbox.Run(() => new Loopback(family, new UdpOptions(), new UdpOptions()));
        byte[] datagrams = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

        for (int i = 0; i < Segmentation.RouteRefusalLimit - 1; i++)
        {
            Assert.Equal(new SendResult(0, 3), loopback.Send(datagrams, 2000));
            Assert.True(Loopback.AreWhole(datagrams, loopback.Receive(3)));
        }

        Assert.Equal(UdpOffloadState.On, loopback.Sender.Offloads.Segmentation);

        // One success forgives; as many refusals in a row as the limit do not.
        Assert.Equal(new SendResult(0, 5), loopback.Send(datagrams, 1000));
        _ = loopback.Receive(5);
        for (int i = 0; i < Segmentation.RouteRefusalLimit; i++)
        {
            Assert.Equal(UdpOffloadState.On, loopback.Sender.Offloads.Segmentation);
            bool isLast = i == Segmentation.RouteRefusalLimit - 1;
            Assert.Equal(new SendResult(0, 3) { IsSteppedDown = isLast }, loopback.Send(datagrams, 2000));
            _ = loopback.Receive(3);
        }

        Assert.Equal(UdpOffloadState.RefusedByRoute, loopback.Sender.Offloads.Segmentation);
        Assert.Equal(new SendResult(0, 5), loopback.Send(datagrams, 1000));
        Assert.True(Loopback.AreWhole(datagrams, loopback.Receive(5)));
    }

    [Theory]
    [InlineData(UdpFamily.V4)]
    [InlineData(UdpFamily.V6)]
    public void ADeviceThatRefusesSegmentationIsAskedOnce(UdpFamily family)
    {
        const int UdpLite = 136;
        Loopback.SkipWithout(family);
        UdpSocket sender;
        try
        {
            sender = UdpSocket.Open(family, new UdpOptions(), UdpLite);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPROTONOSUPPORT)
        {
            Assert.Skip("The kernel has no UDP-Lite to refuse segmentation with EIO.");
            return;
        }

        using (sender)
        {
            using UdpSocket receiver = UdpSocket.Open(family, new UdpOptions(), UdpLite);
            IPAddress address = family == UdpFamily.V4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
            UdpAddress remote = UdpAddress.From(new IPEndPoint(address, receiver.Port));
            Assert.Equal(UdpOffloadState.On, sender.Offloads.Segmentation);

            Assert.Equal(new SendResult(0, 3) { IsSteppedDown = true }, sender.Send(new byte[300], 100, remote, default, 0));

            Assert.Equal(UdpOffloadState.RefusedByDevice, sender.Offloads.Segmentation);
            Assert.Equal(new SendResult(0, 3), sender.Send(new byte[300], 100, remote, default, 0));
        }
    }

    [Fact]
    public void AnAddressThatLeavesTheMachineIsASourceGone()
    {
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 type veth peer name v1");
        sandbox.Ip("link set v1 up");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));
        sandbox.Rtnetlink.SetLinkUp(link.Index, true);
        sandbox.Rtnetlink.AddAddress(link.Index, IPAddress.Parse("192.0.2.1"), 24);
        sandbox.Rtnetlink.AddAddress(link.Index, IPAddress.Parse("198.51.100.1"), 24);
        using UdpSocket socket = sandbox.Run(() => UdpSocket.Open(UdpFamily.V4, new UdpOptions()));
        UdpAddress remote = UdpAddress.From(IPEndPoint.Parse("192.0.2.9:9"));
        UdpSource source = UdpSource.V4(0xC6336401, link.Index);
        Assert.True(socket.Send([1], 0, remote, source, 0).IsComplete);

        sandbox.Ip("address del 198.51.100.1/24 dev v0");

        SendResult refused = socket.Send([1], 0, remote, source, 0);
        Assert.True(refused.IsSourceGone, LinuxException.Describe(refused.Errno));
        Assert.True(socket.Send([1], 0, remote, default, 0).IsComplete);
    }

    [Fact]
    public void AFullSocketIsWaitedForAndThenGivenUp()
    {
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 type veth peer name v1");
        sandbox.Ip("link set v1 up");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));
        sandbox.Rtnetlink.SetLinkUp(link.Index, true);
        sandbox.Rtnetlink.AddAddress(link.Index, IPAddress.Parse("192.0.2.1"), 24);
        using UdpSocket socket = sandbox.Run(() => UdpSocket.Open(UdpFamily.V4, new UdpOptions { BufferBytes = 1 }));

        // Nobody answers for this address, so datagrams wait in the neighbour's queue and fill the socket's smallest buffer.
        UdpAddress nobody = UdpAddress.From(IPEndPoint.Parse("192.0.2.9:9"));
        SendResult result;
        long before;
        int sent = 0;
        do
        {
            before = BootClock.Now();
            result = socket.Send(new byte[1000], 0, nobody, default, 0);
        }
        while (result.IsComplete && ++sent < 1000);

        Assert.Equal(new SendResult(Errno.EAGAIN, 0), result);
        Assert.InRange(BootClock.Now() - before, 50_000_000, 2_000_000_000);
    }

    [Fact]
    public void OfDatagramsThatGoOneByOneThoseBeforeAFullSocketAreCounted()
    {
        const int Datagrams = 40;
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 type veth peer name v1");
        sandbox.Ip("link set v1 up");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));
        sandbox.Rtnetlink.SetLinkUp(link.Index, true);
        sandbox.Rtnetlink.AddAddress(link.Index, IPAddress.Parse("192.0.2.1"), 24);
        UdpOptions options = new() { BufferBytes = 20_000, UseSegmentation = false };
        using UdpSocket socket = sandbox.Run(() => UdpSocket.Open(UdpFamily.V4, options));

        // Nobody answers for this address: the first few datagrams wait for that, and then there is no room in the socket.
        SendResult result = socket.Send(new byte[Datagrams * 1000], 1000, UdpAddress.From(IPEndPoint.Parse("192.0.2.9:9")), default, 0);

        Assert.Equal(Errno.EAGAIN, result.Errno);
        Assert.InRange(result.Datagrams, 2, Datagrams - 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WithoutARouteTheErrorSaysSo(bool segments)
    {
        using Sandbox sandbox = new();
        using UdpSocket socket = sandbox.Run(() => UdpSocket.Open(UdpFamily.V4, new UdpOptions { UseSegmentation = segments }));

        SendResult refused = socket.Send(new byte[300], 100, UdpAddress.V4(0xC0000201, 9), default, 0);

        Assert.Equal(new SendResult(Errno.ENETUNREACH, 0), refused);
    }
}
