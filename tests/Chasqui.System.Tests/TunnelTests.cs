using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Handshake, both families inside and outside, TCP and UDP with checked content, counters.</summary>
public sealed class TunnelTests : SystemTest
{
    private const int TcpBytes = 4 << 20;
    private const int Datagrams = 256;

    /// <summary>The largest inner MTU that the kernel's own namespace test uses.</summary>
    private const int BigMtu = 34816 - 1500 + 1420;

    [Theory]
    [MemberData(nameof(PairsOverBothFamilies))]
    public void CarriesBothFamiliesBothWays(Implementation a, Implementation b, AddressFamily outer)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b, outer, WgKey.Random()));

        CarryEverything(tunnel);
        SetMtu(tunnel, BigMtu);
        CarryEverything(tunnel);
        SetMtu(tunnel, 1420);
        CarryEverything(tunnel);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void SurvivesAnIperfFlood(Implementation a, Implementation b)
    {
        Programs.RequireTool("iperf3");
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));

        Iperf(tunnel.A, tunnel.B, tunnel.B.Inner4, "-Z -n 16M");
        Iperf(tunnel.B, tunnel.A, tunnel.A.Inner6, "-Z -n 16M");
        Iperf(tunnel.B, tunnel.A, tunnel.A.Inner4, "-n 16M -b 0 -u");
        Iperf(tunnel.A, tunnel.B, tunnel.B.Inner6, "-n 16M -b 0 -u");

        tunnel.A.AssertReaches(tunnel.B);
        tunnel.B.AssertReaches6(tunnel.A);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void CountsWhatItCarries(Implementation a, Implementation b)
    {
        const int Pings = 10;
        const int InnerBytes = 1028;
        const int OuterBytes = 16 + 1040 + 16;
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        var link = tunnel.A.LinkCounters();
        var (received, sent) = tunnel.A.Wg.Transfer(tunnel.B.Key.Public);

        tunnel.A.Home.Run($"ping -n -c {Pings} -i 0.01 -W 1 -s 1000 {tunnel.B.Inner4}");

        var linkAfter = tunnel.A.LinkCounters();
        Assert.Equal(Pings, linkAfter.ReceivedPackets - link.ReceivedPackets);
        Assert.Equal(Pings * InnerBytes, linkAfter.ReceivedBytes - link.ReceivedBytes);
        Assert.InRange(linkAfter.SentBytes - link.SentBytes, Pings * InnerBytes, Pings * InnerBytes + 500);
        var (receivedAfter, sentAfter) = tunnel.A.Wg.Transfer(tunnel.B.Key.Public);
        Assert.InRange(receivedAfter - received, Pings * OuterBytes, Pings * OuterBytes + 500);
        Assert.InRange(sentAfter - sent, Pings * OuterBytes, Pings * OuterBytes + 500);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TellsTheTimeOfTheLatestHandshake(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.OverLoopback(a, b));
        tunnel.Configure(null, "127.0.0.1", "127.0.0.1");
        Assert.Equal(0, tunnel.A.Wg.LatestHandshake(tunnel.B.Key.Public));
        Assert.Equal((0L, 0L), tunnel.A.Wg.Transfer(tunnel.B.Key.Public));
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        tunnel.WaitForTraffic();

        var after = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(tunnel.A.Wg.LatestHandshake(tunnel.B.Key.Public), before, after);
        Assert.InRange(tunnel.B.Wg.LatestHandshake(tunnel.A.Key.Public), before, after);
    }

    private static void CarryEverything(Tunnel tunnel)
    {
        var (a, b) = (tunnel.A, tunnel.B);
        a.AssertReaches(b);
        b.AssertReaches(a);
        a.AssertReaches6(b);
        b.AssertReaches6(a);
        Transfers.Tcp(a.Home, b.Home, b.Inner4, TcpBytes);
        Transfers.Tcp(b.Home, a.Home, a.Inner6, TcpBytes);
        Transfers.Udp(b.Home, a.Home, a.Inner4, Datagrams);
        Transfers.Udp(a.Home, b.Home, b.Inner6, Datagrams);
    }

    private static void SetMtu(Tunnel tunnel, int mtu)
    {
        foreach (var end in new[] { tunnel.A, tunnel.B })
        {
            end.Home.Ip($"link set {end.Interface} mtu {mtu}");
        }

        // A packet that only fits the MTU just set, unfragmented. Echoes of the old size may have to wait for the daemon's notice.
        Poll.Until(() => tunnel.A.Home.Ping(tunnel.B.Inner4, $"-M do -s {mtu - 28}"), $"a packet of {mtu} bytes does not pass");
    }

    private static void Iperf(TunnelEnd from, TunnelEnd to, string address, string options)
    {
        using var server = to.Home.Start($"iperf3 -s -1 -B {address}");
        Poll.Until(() => to.Home.Run("ss -tlnH").Output.Contains(":5201 ", StringComparison.Ordinal), "iperf3 does not listen");
        from.Home.Run($"iperf3 {options} -c {address}");
    }
}
