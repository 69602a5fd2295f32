using System.Net;
using System.Runtime.CompilerServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Tests.Udp;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Netlink;

public sealed class RtnetlinkDumpTests
{
    [Fact]
    public void AddressesComeAndGo()
    {
        Loopback.SkipWithout(UdpFamily.V6);
        using Sandbox sandbox = new();
        Rtnetlink rtnetlink = sandbox.Rtnetlink;
        rtnetlink.AddAddress(sandbox.LoopbackIndex, IPAddress.Parse("192.0.2.1"), 24);
        rtnetlink.AddAddress(sandbox.LoopbackIndex, IPAddress.Parse("2001:db8::1"), 64);

        string[] all = ["127.0.0.1/8", "192.0.2.1/24", "2001:db8::1/64", "::1/128"];
        Assert.Equal(all, rtnetlink.GetAddresses(sandbox.LoopbackIndex).Select(address => address.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(rtnetlink.GetAddresses(4242));

        rtnetlink.DeleteAddress(sandbox.LoopbackIndex, IPAddress.Parse("192.0.2.1"), 24);
        Assert.DoesNotContain(rtnetlink.GetAddresses(sandbox.LoopbackIndex), address => address.ToString() == "192.0.2.1/24");
    }

    [Theory]
    [InlineData("198.51.100.0/24")]
    [InlineData("2001:db8:5::/48")]
    public void RoutesComeAndGoInTheirTable(string destination)
    {
        Loopback.SkipWithout(UdpFamily.V6);
        using Sandbox sandbox = new();
        IPNetwork network = IPNetwork.Parse(destination);
        bool isV6 = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        Rtnetlink rtnetlink = sandbox.Rtnetlink;
        rtnetlink.AddRoute(sandbox.LoopbackIndex, network, 51820);

        RouteInfo route = Assert.Single(rtnetlink.GetRoutes(isV6), route => route.Table == 51820);
        Assert.Equal((destination, sandbox.LoopbackIndex), (route.ToString(), route.InterfaceIndex));
        Assert.Equal(RouteInfo.BootProtocol, route.Protocol);
        Assert.DoesNotContain(rtnetlink.GetRoutes(!isV6), route => route.Table == 51820);

        rtnetlink.DeleteRoute(sandbox.LoopbackIndex, network, 51820);
        Assert.DoesNotContain(rtnetlink.GetRoutes(isV6), route => route.Table == 51820);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RulesComeAndGoInTheirFamily(bool isV6)
    {
        Loopback.SkipWithout(UdpFamily.V6);
        using Sandbox sandbox = new();
        Rtnetlink rtnetlink = sandbox.Rtnetlink;
        IReadOnlyList<RuleInfo> before = rtnetlink.GetRules(isV6);
        IReadOnlyList<RuleInfo> others = rtnetlink.GetRules(!isV6);
        RuleInfo marked = new() { IsV6 = isV6, Mark = 51820, Table = 51820, IsInverted = true };
        RuleInfo suppressing = new() { IsV6 = isV6, Table = RouteInfo.MainTable, SuppressPrefixLength = 0 };

        rtnetlink.AddRule(marked);
        rtnetlink.AddRule(suppressing);

        RuleInfo[] added = [.. rtnetlink.GetRules(isV6).Except(before)];
        Assert.Equal([suppressing, marked], added.Select(rule => rule with { Priority = 0 }));
        Assert.Equal(others, rtnetlink.GetRules(!isV6));
        foreach (RuleInfo rule in added)
            rtnetlink.DeleteRule(rule);
        Assert.Equal(before, rtnetlink.GetRules(isV6));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => rtnetlink.DeleteRule(marked)).Errno);
    }

    [Fact]
    public void WhatIpSaysIsWhatIsRead()
    {
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 mtu 1300 type veth peer name v1");
        sandbox.Ip("link set v0 up");
        sandbox.Ip("addr add 192.0.2.1/24 dev v0");
        sandbox.Ip("route add 198.51.100.0/24 via 192.0.2.9 metric 7 mtu 1200");
        sandbox.Ip("rule add from 192.0.2.1 priority 99 table 7");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));

        RouteInfo route = Assert.Single(sandbox.Rtnetlink.GetRoutes(false), route => route.Metric == 7);
        RuleInfo rule = Assert.Single(sandbox.Rtnetlink.GetRules(false), rule => rule.Priority == 99);
        RouteQuery query = new(UdpAddress.From(new IPEndPoint(IPAddress.Parse("198.51.100.1"), 9)), default, 0, 0);

        Assert.Equal(1300, link.Mtu);
        Assert.Equal((IPAddress.Parse("192.0.2.9"), RouteInfo.MainTable, 1200), (route.Gateway, route.Table, route.Mtu));
        Assert.Equal((7u, false), (rule.Table, rule.IsFromAll));
        Assert.Equal(0, sandbox.Rtnetlink.GetRoute(query, out RouteAnswer answer));
        Assert.Equal((link.Index, 1200), (answer.InterfaceIndex, answer.Mtu));
    }

    [Fact]
    public void ALongListIsReadWhole()
    {
        const int Count = 3000;
        using Sandbox sandbox = new();
        for (int i = 0; i < Count; i++)
        {
            IPNetwork network = new(new IPAddress([10, (byte)(i >> 8), (byte)i, 0]), 24);
            sandbox.Rtnetlink.AddRoute(sandbox.LoopbackIndex, network, 5);
        }

        Assert.Equal(Count, sandbox.Rtnetlink.GetRoutes(false).Where(route => route.Table == 5).Distinct().Count());
    }

    [Fact]
    public void ADeletedLinkIsGone()
    {
        using Sandbox sandbox = new();
        sandbox.Ip("link add v0 type veth peer name v1");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));

        sandbox.Rtnetlink.DeleteLink(link.Index);

        Assert.False(sandbox.Rtnetlink.TryGetLink("v0", out _));
        Assert.Equal(Errno.ENODEV, Assert.Throws<LinuxException>(() => sandbox.Rtnetlink.DeleteLink(link.Index)).Errno);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", false)]
    [InlineData("10.128.0.0/9", "10.0.0.0/16", false)]
    [InlineData("0.0.0.0/0", "10.0.0.0/16", true)]
    [InlineData("::/0", "10.0.0.0/16", false)]
    public void ARouteCoversTheNetworksBelowIt(string route, string network, bool covers)
    {
        IPNetwork whole = IPNetwork.Parse(route);
        RouteInfo info = new() { Destination = whole.BaseAddress, PrefixLength = whole.PrefixLength };

        Assert.Equal(covers, info.Covers(IPNetwork.Parse(network)));
    }

    /// <summary>A longer one would be thrown about by whoever makes a prefix of it.</summary>
    [Theory]
    [InlineData(Libc.AF_INET, 32, true)]
    [InlineData(Libc.AF_INET, 33, false)]
    [InlineData(Libc.AF_INET6, 128, true)]
    [InlineData(Libc.AF_INET6, 129, false)]
    public void APrefixIsNoLongerThanItsAddress(int family, byte length, bool isRead)
    {
        byte[] route = new byte[Unsafe.SizeOf<Libc.rtmsg>()];
        (route[0], route[1]) = ((byte)family, length);
        byte size = (byte)(family == Libc.AF_INET ? 4 : 16);
        byte[] address = [(byte)family, length, 0, 0, 1, 0, 0, 0, (byte)(4 + size), 0, (byte)Libc.IFA_ADDRESS, 0, .. new byte[size]];

        Assert.Equal(isRead, RtnetlinkMessages.TryReadRoute(route, out RouteInfo _));
        Assert.Equal(isRead, RtnetlinkMessages.TryReadAddress(address, out _));
    }

    /// <summary>An MTU past what a packet can have is no limit.</summary>
    [Theory]
    [InlineData(1420, 1420)]
    [InlineData(-1, 0)]
    public void AnMtuIsNotNegative(int sent, int read)
    {
        byte[] route = [(byte)Libc.AF_INET, .. new byte[Unsafe.SizeOf<Libc.rtmsg>() - 1], 12, 0, (byte)Libc.RTA_METRICS, 0, 8, 0, (byte)Libc.RTAX_MTU, 0, .. BitConverter.GetBytes(sent)];

        Assert.True(RtnetlinkMessages.TryReadRoute(route, out RouteInfo info));
        Assert.Equal(read, info.Mtu);
    }

    [Fact]
    public void AnyBytesAtAllAreSurvived()
    {
        const int Seed = 12;
        Random random = new(Seed);
        for (int round = 0; round < 100_000; round++)
        {
            byte[] bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            for (int i = 0; i < bytes.Length; i += 2)
                bytes[i] = (byte)random.Next(24);
            if (bytes.Length > 0)
                bytes[0] = (byte)(random.Next(2) == 0 ? Libc.AF_INET : Libc.AF_INET6);

            bool isRoute = RtnetlinkMessages.TryReadRoute(bytes, out RouteInfo _);
            _ = RtnetlinkMessages.TryReadAddress(bytes, out _);
            _ = RtnetlinkMessages.TryReadRule(bytes, out _);
            bool isWhole = bytes.Length >= Unsafe.SizeOf<Libc.rtmsg>() && bytes[1] <= (bytes[0] == Libc.AF_INET ? 32 : 128);
            Assert.True(isRoute == isWhole, $"seed {Seed} round {round}");
        }
    }
}
