using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>A tunnel whose datagrams travel in another tunnel between the same hosts.</summary>
public sealed class NestedTunnelTests : SystemTest
{
    private const int TcpBytes = 4 << 20;

    [Theory]
    [MemberData(nameof(Pairs))]
    public void CarriesATunnelInATunnel(Implementation a, Implementation b)
    {
        var outer = Own(Tunnel.UpOverVeth(a, b));
        var innerA = new TunnelEnd(a, NewDaemon(a, outer.A.Home), outer.A.Home, 3, innerNet: 242);
        var innerB = new TunnelEnd(b, NewDaemon(b, outer.B.Home), outer.B.Home, 4, innerNet: 242);
        foreach (var end in new[] { innerA, innerB })
        {
            end.Home.Ip($"link set {end.Interface} mtu 1340");
        }

        innerA.Configure(innerB, null, $"{outer.B.Inner4}:{innerB.Port}");
        innerB.Configure(innerA, null, $"[{outer.A.Inner6}]:{innerA.Port}");
        innerA.WaitUntilItReaches(innerB);

        innerB.AssertReaches6(innerA);
        Assert.True(innerA.Home.Ping(innerB.Inner4, "-M do -s 1312"), "a packet of the inner MTU does not pass whole");
        Transfers.Tcp(innerA.Home, innerB.Home, innerB.Inner4, TcpBytes);
        Transfers.Tcp(innerB.Home, innerA.Home, innerA.Inner6, TcpBytes);
        Assert.Equal($"{outer.A.Inner4}:{innerA.Port}", innerB.EndpointOf(innerA));
    }
}
