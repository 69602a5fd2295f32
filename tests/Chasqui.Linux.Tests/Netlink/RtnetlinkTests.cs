using System.Net;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Tests.Udp;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Netlink;

public sealed class RtnetlinkTests
{
    [Fact]
    public void FindsALinkByNameAndByIndex()
    {
        using Rtnetlink rtnetlink = Rtnetlink.Open();

        Assert.True(rtnetlink.TryGetLink("lo", out LinkInfo byName));
        Assert.True(rtnetlink.TryGetLink(byName.Index, out LinkInfo byIndex));

        Assert.Equal(byName, byIndex);
        Assert.Equal("lo", byName.Name);
        Assert.Equal(int.Parse(File.ReadAllText("/sys/class/net/lo/mtu"), null), byName.Mtu);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a-name-far-longer-than-fifteen-bytes")]
    public void NoSuchLinkIsNoError(string name)
    {
        using Rtnetlink rtnetlink = Rtnetlink.Open();

        Assert.False(rtnetlink.TryGetLink(name, out _));
        Assert.False(rtnetlink.TryGetLink(999_999, out _));
    }

    [Fact]
    public void ALinkGoesUpAndDownAndChangesItsMtu()
    {
        using Sandbox sandbox = new();
        Rtnetlink rtnetlink = sandbox.Rtnetlink;

        rtnetlink.SetMtu(sandbox.LoopbackIndex, 1400);
        Assert.True(rtnetlink.TryGetLink("lo", out LinkInfo up));
        Assert.Equal((true, 1400), (up.IsUp, up.Mtu));

        rtnetlink.SetLinkUp(sandbox.LoopbackIndex, false);
        Assert.True(rtnetlink.TryGetLink("lo", out LinkInfo down));
        Assert.False(down.IsUp);
    }

    [Fact]
    public void RefusalsNameTheSubject()
    {
        using Sandbox sandbox = new();
        sandbox.Rtnetlink.AddAddress(sandbox.LoopbackIndex, IPAddress.Parse("192.0.2.1"), 24);

        LinuxException twice = Assert.Throws<LinuxException>(
            () => sandbox.Rtnetlink.AddAddress(sandbox.LoopbackIndex, IPAddress.Parse("192.0.2.1"), 24));
        LinuxException nobody = Assert.Throws<LinuxException>(() => sandbox.Rtnetlink.SetLinkUp(4242, true));

        Assert.Equal(Errno.EEXIST, twice.Errno);
        Assert.Contains("192.0.2.1/24", twice.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ENODEV, nobody.Errno);
        Assert.Contains("4242", nobody.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1", 24, "192.0.2.77")]
    [InlineData("2001:db8::1", 64, "2001:db8::77")]
    public void TheWayAndItsSourceAreTheKernels(string address, int prefixLength, string destination)
    {
        Loopback.SkipWithout(address.Contains(':', StringComparison.Ordinal) ? UdpFamily.V6 : UdpFamily.V4);
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 type veth peer name v1");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));
        sandbox.Rtnetlink.SetLinkUp(link.Index, true);
        RouteQuery query = new(To(destination), default, 0, 0);
        Assert.Equal(Errno.ENETUNREACH, sandbox.Rtnetlink.GetRoute(query, out _));

        sandbox.Rtnetlink.AddAddress(link.Index, IPAddress.Parse(address), prefixLength);
        UdpAddress own = To(address);
        UdpSource source = own.IsV4 ? UdpSource.V4((uint)(own.High >> 32), 0) : UdpSource.V6(own.High, own.Low, 0);

        // A tentative IPv6 address is not yet a source; the prefix's route is there at once.
        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query, out RouteAnswer answer));
        Assert.Equal(link.Index, answer.InterfaceIndex);
        if (own.IsV4)
            Assert.Equal(source, answer.PreferredSource);
    }

    [Fact]
    public void ASourceThatIsNotOursHasNoWay()
    {
        using Sandbox sandbox = new();
        RouteQuery query = new(To("127.0.0.2"), UdpSource.V4(0xC0000201, 0), 0, 0);

        Assert.NotEqual(0, sandbox.Rtnetlink.GetRoute(query, out _));
        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query with { Source = UdpSource.V4(0x7F000003, 0) }, out _));
    }

    [Fact]
    public void TheMarkAndTheInterfaceArePartOfTheQuestion()
    {
        Loopback.SkipWithout(UdpFamily.V6);
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 type veth peer name v1");
        sandbox.Ip("rule add fwmark 51820 table 51820");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo first));
        Assert.True(sandbox.Rtnetlink.TryGetLink("v1", out LinkInfo second));
        foreach (LinkInfo link in new[] { first, second })
            sandbox.Rtnetlink.SetLinkUp(link.Index, true);
        sandbox.Rtnetlink.AddAddress(first.Index, IPAddress.Parse("192.0.2.1"), 32);
        sandbox.Rtnetlink.AddRoute(first.Index, IPNetwork.Parse("198.51.100.0/24"), 0);
        sandbox.Rtnetlink.AddRoute(second.Index, IPNetwork.Parse("0.0.0.0/0"), 51820);
        sandbox.Rtnetlink.AddRoute(second.Index, IPNetwork.Parse("2001:db8:5::/48"), 0);
        RouteQuery query = new(To("198.51.100.9"), default, 0, 0);

        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query, out RouteAnswer plain));
        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query with { Mark = 51820 }, out RouteAnswer marked));
        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query with { InterfaceIndex = second.Index }, out RouteAnswer forced));
        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query with { Destination = To("2001:db8:5::1") }, out RouteAnswer six));

        Assert.Equal(first.Index, plain.InterfaceIndex);
        Assert.Equal(second.Index, marked.InterfaceIndex);
        Assert.Equal(second.Index, forced.InterfaceIndex);
        Assert.Equal(second.Index, six.InterfaceIndex);
    }

    [Fact]
    public void AskingForAWayAllocatesNothing()
    {
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        RouteQuery query = new(To("127.0.0.2"), default, 0, 0);
        _ = rtnetlink.GetRoute(query, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            _ = rtnetlink.GetRoute(query, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static UdpAddress To(string address) => UdpAddress.From(new IPEndPoint(IPAddress.Parse(address), 9));
}
