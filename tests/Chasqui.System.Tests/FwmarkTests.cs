using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Marked datagrams take the routes that a rule gives to the mark; the routing table without a mark leads nowhere.</summary>
public sealed class FwmarkTests : SystemTest
{
    [Theory]
    [MemberData(nameof(PairsOverBothFamilies))]
    public void RoutesByTheMarkAndFollowsItsChanges(Implementation a, Implementation b, AddressFamily outer)
    {
        var isV4 = outer == AddressFamily.InterNetwork;
        var tunnel = Own(Tunnel.OverVeth(a, b));
        RouteByMark(tunnel.A.Home, isV4 ? "10.0.0" : "fd00:aa:", isV4);
        string Host(string last) => isV4 ? $"10.0.0.{last}" : $"[fd00:aa::{last}]";
        tunnel.Configure(null, null, Host("2"));
        tunnel.A.Wg.Set("fwmark 100");
        Assert.Equal("0x64", tunnel.A.Wg.Show("fwmark").Text);

        tunnel.A.WaitUntilItReaches(tunnel.B);
        Assert.Equal($"{Host("11")}:{tunnel.A.Port}", tunnel.B.EndpointOf(tunnel.A));

        tunnel.A.Wg.Set("fwmark 0xc8");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal($"{Host("12")}:{tunnel.A.Port}", tunnel.B.EndpointOf(tunnel.A));

        tunnel.A.Wg.Set("fwmark off");
        Assert.Equal("off", tunnel.A.Wg.Show("fwmark").Text);
        tunnel.A.AssertDoesNotReach(tunnel.B);

        tunnel.A.Wg.Set("fwmark 100");
        tunnel.A.AssertReaches(tunnel.B);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void KeepsTheMarkWhenThePortChanges(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.OverVeth(a, b));
        RouteByMark(tunnel.A.Home, "10.0.0", isV4: true);
        tunnel.Configure(null, null, "10.0.0.2");
        tunnel.A.Wg.Set("fwmark 100");
        tunnel.A.WaitUntilItReaches(tunnel.B);

        tunnel.A.Wg.Set("listen-port 12345");

        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal("10.0.0.11:12345", tunnel.B.EndpointOf(tunnel.A));
    }

    private static void RouteByMark(NetworkNamespace host, string prefix, bool isV4)
    {
        var (family, separator, length, nodad) = isV4 ? ("-4", ".", 32, "") : ("-6", ":", 128, "nodad");
        var target = $"{prefix}{separator}2";
        foreach (var (mark, last) in new[] { (100, "11"), (200, "12") })
        {
            var source = $"{prefix}{separator}{last}";
            host.Ip($"{family} addr add {source}/{length} dev veth1 {nodad}");
            host.Ip($"{family} route add {target} dev veth1 src {source} table {mark}");
            host.Ip($"{family} rule add fwmark {mark} table {mark}");
        }

        host.Ip($"{family} route add unreachable {target}/{length}");
    }
}
