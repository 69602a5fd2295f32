using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The endpoint of a peer follows its last authentic message.</summary>
public sealed class RoamingTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Pairs))]
    public void FollowsANewIpv4Address(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        var handshake = tunnel.B.Wg.LatestHandshake(tunnel.A.Key.Public);

        var birth = tunnel.A.Daemon.Birth;
        birth.Ip("-4 addr del 127.0.0.1/8 dev lo");
        birth.Ip("-4 addr add 127.212.121.99/8 dev lo");
        MoveToPort(tunnel, 9999, "127.0.0.1");

        tunnel.A.AssertReaches6(tunnel.B);
        Assert.Equal("127.212.121.99:9999", tunnel.B.EndpointOf(tunnel.A));
        tunnel.B.AssertReaches(tunnel.A);
        Assert.Equal(handshake, tunnel.B.Wg.LatestHandshake(tunnel.A.Key.Public));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void FollowsFromIpv4ToIpv6AndBack(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));

        MoveToPort(tunnel, 9998, "[::1]");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("[::1]:9998", tunnel.B.EndpointOf(tunnel.A));
        tunnel.B.AssertReaches(tunnel.A);

        tunnel.A.SetPeer(tunnel.B, $"endpoint 127.0.0.1:{tunnel.B.Port}");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("127.0.0.1:9998", tunnel.B.EndpointOf(tunnel.A));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void FollowsANewIpv6Address(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverVeth(a, b, AddressFamily.InterNetworkV6));

        tunnel.A.Home.Ip("addr add fd00:aa::9/96 dev veth1 nodad");
        tunnel.A.Home.Ip($"addr del {Tunnel.VethAddressA6}/96 dev veth1");
        tunnel.A.SetPeer(tunnel.B, $"endpoint [{Tunnel.VethAddressB6}]:{tunnel.B.Port}");

        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("[fd00:aa::9]:10000", tunnel.B.EndpointOf(tunnel.A));
        tunnel.B.AssertReaches6(tunnel.A);
    }

    [Theory]
    [MemberData(nameof(PairsOverBothFamilies))]
    public void LearnsTheEndpointOfTheInitiator(Implementation a, Implementation b, AddressFamily outer)
    {
        var tunnel = Own(Tunnel.OverLoopback(a, b));
        var host = outer == AddressFamily.InterNetwork ? "127.0.0.1" : "[::1]";
        tunnel.Configure(null, null, host);
        Assert.Equal("(none)", tunnel.B.EndpointOf(tunnel.A));

        tunnel.WaitForTraffic();

        Assert.Equal($"{host}:{tunnel.A.Port}", tunnel.B.EndpointOf(tunnel.A));
        tunnel.B.AssertReaches(tunnel.A);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void FollowsAResponderThatChangesItsPort(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));

        MoveToPort(tunnel.B, 19999);
        tunnel.B.AssertReaches(tunnel.A);

        Assert.Equal("127.0.0.1:19999", tunnel.A.EndpointOf(tunnel.B));
        tunnel.A.AssertReaches(tunnel.B);
    }

    private static void MoveToPort(Tunnel tunnel, int port, string host)
    {
        MoveToPort(tunnel.A, port);
        tunnel.A.SetPeer(tunnel.B, $"endpoint {host}:{tunnel.B.Port}");
    }

    private static void MoveToPort(TunnelEnd end, int port)
    {
        var old = end.Port;
        end.Wg.Set($"listen-port {port}");
        end.Port = port;
        end.WaitForPort();
        Assert.DoesNotContain(old, end.Daemon.Birth.UdpPorts());
    }
}
