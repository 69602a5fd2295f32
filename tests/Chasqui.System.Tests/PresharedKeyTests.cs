using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The optional symmetric key: agreed, wrong, changed and removed while the tunnel runs.</summary>
public sealed class PresharedKeyTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Pairs))]
    public void ChangesOnALiveTunnelAtTheNextHandshake(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b, presharedKey: WgKey.Random()));
        var (first, second) = (tunnel.A, tunnel.B);
        var handshake = first.Wg.LatestHandshake(second.Key.Public);
        var other = WgKey.Random();

        first.SetPeer(second, "preshared-key /dev/stdin", other);

        first.AssertReaches(second);
        Assert.Equal(handshake, first.Wg.LatestHandshake(second.Key.Public));
        Assert.Equal([other], first.Wg.Show("preshared-keys", second.Key.Public));

        first.DropSessions();
        first.AssertDoesNotReach(second);

        second.SetPeer(first, "preshared-key /dev/stdin", other);
        first.DropSessions();
        first.AssertReaches(second);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void IsRemovedFromALiveTunnel(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b, presharedKey: WgKey.Random()));

        tunnel.A.SetPeer(tunnel.B, "preshared-key /dev/null");
        tunnel.B.SetPeer(tunnel.A, "preshared-key /dev/null");

        tunnel.A.AssertReaches(tunnel.B);
        Assert.Equal(["(none)"], tunnel.A.Wg.Show("preshared-keys", tunnel.B.Key.Public));
        tunnel.B.DropSessions();
        tunnel.B.AssertReaches(tunnel.A);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void IsAddedToALiveTunnelWithoutOne(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        var key = WgKey.Random();

        tunnel.A.SetPeer(tunnel.B, "preshared-key /dev/stdin", key);
        tunnel.B.SetPeer(tunnel.A, "preshared-key /dev/stdin", key);

        tunnel.A.AssertReaches(tunnel.B);
        tunnel.A.DropSessions();
        tunnel.A.AssertReaches(tunnel.B);
    }
}
