using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>A client behind a translator whose mappings live two seconds.</summary>
public sealed class NatTests : SystemTest
{
    private const string RouterOutside = "10.0.0.1";

    [Theory]
    [MemberData(nameof(Pairs))]
    public void KeepsTheMappingWithPersistentKeepalive(Implementation a, Implementation b)
    {
        var (client, server, _) = BuildNat(a, b);
        client.SetPeer(server, "persistent-keepalive 1");
        client.AssertReaches(server);
        server.AssertReaches(client);
        Assert.Equal($"{RouterOutside}:{client.Port}", server.EndpointOf(client));
        using var capture = PacketCapture.Start(server.Home, server.Port);

        // Four keepalives, a second apart, with no other traffic: longer than a mapping lives.
        Poll.Until(() => capture.Packets.Count(packet => packet.IsKeepalive) >= 4, "four keepalives", TimeSpan.FromSeconds(8));

        server.AssertReaches(client);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void SendsOneAtOnceWhenKeepaliveIsTurnedOn(Implementation a, Implementation b)
    {
        Programs.RequireTool("conntrack");
        var (client, server, router) = BuildNat(a, b);
        client.AssertReaches(server);
        router.Run("conntrack -F");
        server.AssertDoesNotReach(client);
        using var capture = PacketCapture.Start(server.Home, server.Port);

        client.SetPeer(server, "persistent-keepalive 25");

        capture.WaitFor(packet => packet.IsKeepalive && !packet.IsOutgoing, "keepalive at once", TimeSpan.FromSeconds(1));
        server.AssertReaches(client);
    }

    private (TunnelEnd Client, TunnelEnd Server, NetworkNamespace Router) BuildNat(Implementation a, Implementation b)
    {
        Programs.Require(a, b);
        Programs.RequireTool("iptables");
        var (inside, router, outside) = (NewNamespace(), NewNamespace(), NewNamespace());
        NetworkNamespace.Join(inside, "vethc", router, "vethrc");
        NetworkNamespace.Join(router, "vethrs", outside, "veths");
        router.Ip("addr add 192.168.1.1/24 dev vethrc");
        router.Ip($"addr add {RouterOutside}/24 dev vethrs");
        inside.Ip("addr add 192.168.1.100/24 dev vethc");
        inside.Ip("route add default via 192.168.1.1");
        outside.Ip("addr add 10.0.0.100/24 dev veths");
        router.SetKnob("ipv4/ip_forward", "1");
        router.SetKnob("netfilter/nf_conntrack_udp_timeout", "2");
        router.SetKnob("netfilter/nf_conntrack_udp_timeout_stream", "2");
        router.Run($"iptables -t nat -A POSTROUTING -s 192.168.1.0/24 -d 10.0.0.0/24 -j SNAT --to {RouterOutside}");

        var client = new TunnelEnd(a, NewDaemon(a, inside), inside, 1);
        var server = new TunnelEnd(b, NewDaemon(b, outside), outside, 2);
        client.Configure(server, null, $"10.0.0.100:{server.Port}");
        server.Configure(client, null, null);
        client.WaitUntilItReaches(server);
        return (client, server, router);
    }
}
