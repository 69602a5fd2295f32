using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The source address of datagrams sticks to what the peer was answered from, and lets go when that address is gone.</summary>
public sealed class StickySourceTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Pairs))]
    public void FallsOverWhenItsIpv4AddressIsRemoved(Implementation a, Implementation b)
    {
        Programs.SkipKnownGap(a, Implementation.WireguardGo, "it lets go on EINVAL alone, and newer kernels answer ENETUNREACH");
        var tunnel = Own(Tunnel.UpOverVeth(a, b));
        tunnel.A.Home.SetKnob("ipv4/conf/veth1/promote_secondaries", "1");

        tunnel.A.Home.Ip("addr add 10.0.0.10/24 dev veth1");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("10.0.0.1:10000", tunnel.B.EndpointOf(tunnel.A));
        tunnel.A.Home.Ip("addr del 10.0.0.1/24 dev veth1");

        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("10.0.0.10:10000", tunnel.B.EndpointOf(tunnel.A));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void FallsOverWhenItsIpv6AddressIsRemoved(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverVeth(a, b, AddressFamily.InterNetworkV6));

        tunnel.A.Home.Ip("addr add fd00:aa::10/96 dev veth1 nodad");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("[fd00:aa::1]:10000", tunnel.B.EndpointOf(tunnel.A));
        tunnel.A.Home.Ip("addr del fd00:aa::1/96 dev veth1");

        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("[fd00:aa::10]:10000", tunnel.B.EndpointOf(tunnel.A));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void FallsOverInOneFamilyAndThenInTheOther(Implementation a, Implementation b)
    {
        Programs.SkipKnownGap(a, Implementation.WireguardGo, "it lets go on EINVAL alone, and newer kernels answer ENETUNREACH");
        var tunnel = Own(Tunnel.UpOverVeth(a, b));
        tunnel.A.Home.SetKnob("ipv4/conf/veth1/promote_secondaries", "1");

        tunnel.A.Home.Ip("addr add 10.0.0.10/24 dev veth1");
        tunnel.A.Home.Ip("addr del 10.0.0.1/24 dev veth1");
        tunnel.A.AssertReaches(tunnel.B);
        tunnel.A.SetPeer(tunnel.B, $"endpoint [{Tunnel.VethAddressB6}]:{tunnel.B.Port}");
        tunnel.A.AssertReaches(tunnel.B);
        tunnel.A.Home.Ip("addr add fd00:aa::10/96 dev veth1 nodad");
        tunnel.A.Home.Ip("addr del fd00:aa::1/96 dev veth1");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("[fd00:aa::10]:10000", tunnel.B.EndpointOf(tunnel.A));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void AnswersFromTheAddressThatWasAsked(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.OverVeth(a, b));
        var (asked, asker) = (tunnel.A, tunnel.B);
        asker.Home.Ip("addr flush dev veth2");
        asker.Home.Ip("addr add 10.0.0.3/24 dev veth2");
        asker.Home.Ip("addr add fd00:aa::3/96 dev veth2 nodad");
        asked.Home.Ip($"addr add {Tunnel.VethAddressB4}/24 dev veth1");
        asked.Home.Ip($"addr add {Tunnel.VethAddressB6}/96 dev veth1 nodad");
        tunnel.Configure(null, null, null);

        foreach (var address in new[] { "10.0.0.1", "[fd00:aa::1]", "10.0.0.2", "[fd00:aa::2]" })
        {
            var endpoint = $"{address}:{asked.Port}";
            asker.SetPeer(asked, $"endpoint {endpoint}");
            asker.AssertReaches(asked);
            Assert.Equal(endpoint, asker.EndpointOf(asked));
        }
    }
}
