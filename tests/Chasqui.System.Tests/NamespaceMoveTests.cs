using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The interface leaves for another namespace; the UDP socket stays where the daemon was born.</summary>
public sealed class NamespaceMoveTests : SystemTest
{
    private const int Rounds = 5;

    [Theory]
    [MemberData(nameof(Pairs))]
    public void SurvivesAMoveInTheCommandAfterItReturned(Implementation a, Implementation b)
    {
        for (var round = 0; round < Rounds; round++)
        {
            using var tunnel = Tunnel.UpOverLoopback(a, b);
            tunnel.A.Daemon.AssertRunning();
            tunnel.B.Daemon.AssertRunning();
            tunnel.B.AssertReaches6(tunnel.A);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void KeepsItsSocketInTheNamespaceOfItsBirth(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        var end = tunnel.A;

        Assert.Contains(end.Port, end.Daemon.Birth.UdpPorts());
        Assert.Empty(end.Home.UdpPorts());

        end.Wg.Set("listen-port 10101");
        end.Port = 10101;
        end.WaitForPort();
        Assert.Empty(end.Home.UdpPorts());
        end.AssertReaches(tunnel.B);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ObeysUpDownAndMtuAfterTheMove(Implementation a, Implementation b)
    {
        Programs.SkipKnownGap(a, Implementation.WireguardGo, "it does not notice that its link went down");
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));

        tunnel.A.TakeDown();
        tunnel.A.AssertDoesNotReach(tunnel.B);
        tunnel.A.BringUp();
        tunnel.A.WaitUntilItReaches(tunnel.B);

        foreach (var end in new[] { tunnel.A, tunnel.B })
        {
            end.Home.Ip($"link set {end.Interface} mtu 8000");
        }

        Poll.Until(() => tunnel.A.Home.Ping(tunnel.B.Inner4, "-M do -s 7972"), "a packet of the new MTU does not pass");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void SurvivesAMoveToAndFro(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it returns before it is ready, and dies if its interface leaves meanwhile");
        Programs.Require(implementation);
        var (birth, other) = (NewNamespace(), NewNamespace());
        for (var round = 0; round < Rounds; round++)
        {
            using var daemon = Daemon.Start(implementation, birth);
            birth.Ip($"link set {daemon.Interface} netns {other.Name}");
            other.Ip($"link set {daemon.Interface} netns {birth.Name}");
            birth.Ip($"link set {daemon.Interface} up");
            Poll.Until(() => birth.UdpPorts().Count > 0 || !daemon.IsRunning, $"no port after the interface came home\n{daemon.Log}");
            daemon.AssertRunning();
            Assert.Equal(0, UapiClient.Get(daemon.Interface).Errno);
        }
    }
}
