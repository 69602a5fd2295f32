using System.Net;
using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The private key changes, is clamped and is taken away; public keys that no key agreement may use.</summary>
public sealed class KeyTests : SystemTest
{
    /// <summary>The points of small order of Curve25519 and their other spellings, in hexadecimal.</summary>
    private static readonly string[] LowOrderPoints =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void HandshakesAgainAfterThePrivateKeyChanged(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        var old = tunnel.A.Key;
        tunnel.A.Key = WgKey.Generate();

        tunnel.A.Wg.Set("private-key /dev/stdin", tunnel.A.Key.Private);
        tunnel.B.Wg.Set($"peer {old.Public} remove");
        tunnel.B.SetPeer(tunnel.A, $"endpoint 127.0.0.1:{tunnel.A.Port} allowed-ips {tunnel.A.Inner4}/32,{tunnel.A.Inner6}/128");

        tunnel.A.AssertReaches(tunnel.B);
        tunnel.B.AssertReaches6(tunnel.A);
        Assert.Equal(tunnel.A.Key.Public, tunnel.A.Wg.Show("public-key").Text);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void KeepsItsSessionsWhenTheSameKeyIsSetAgain(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        using var capture = PacketCapture.Start(tunnel.A.Daemon.Birth, tunnel.A.Port);

        tunnel.A.Wg.Set("private-key /dev/stdin", tunnel.A.Key.Private);
        tunnel.A.AssertReaches(tunnel.B);

        Assert.DoesNotContain(capture.Packets, packet => packet.MessageType == 1);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void IsMuteWithoutAPrivateKey(Implementation a, Implementation b)
    {
        Programs.SkipKnownGap(a, Implementation.WireguardGo, "it initiates with a key of zeros");
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));

        tunnel.A.Wg.Set("private-key /dev/null");
        Assert.Equal("(none)", tunnel.A.Wg.Show("private-key").Text);
        tunnel.A.DropSessions();
        using (var capture = PacketCapture.Start(tunnel.A.Daemon.Birth, tunnel.A.Port))
        {
            tunnel.A.AssertDoesNotReach(tunnel.B);
            Assert.DoesNotContain(capture.Packets, packet => packet.SourcePort == tunnel.A.Port);
        }

        tunnel.A.Wg.Set("private-key /dev/stdin", tunnel.A.Key.Private);
        tunnel.A.DropSessions();
        tunnel.A.AssertReaches(tunnel.B);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void DropsThePeerThatIsItself(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var wg = new Wg(daemon.Interface);
        var (key, other) = (WgKey.Generate(), WgKey.Random());

        wg.Set($"peer {key.Public} allowed-ips 10.1.0.0/16");
        wg.Set($"peer {other} allowed-ips 10.2.0.0/16");
        wg.Set("private-key /dev/stdin", key.Private);
        Assert.Equal([other], wg.Peers());

        wg.Set($"peer {key.Public} allowed-ips 10.2.0.0/16");
        Assert.Equal([other], wg.Peers());
        Assert.Equal(["10.2.0.0/16"], wg.AllowedIps(other));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ClampsThePrivateKeyWhenItIsSet(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());

        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"private_key={new string('f', 64)}").Errno);

        Assert.Equal(WgKey.Base64("f8" + new string('f', 60) + "7f"), new Wg(daemon.Interface).Show("private-key").Text);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void NeverInitiatesToALowOrderPoint(Implementation implementation)
    {
        var host = NewNamespace();
        var daemon = NewDaemon(implementation, host);
        using var refused = host.UdpSocket("127.0.0.1");
        using var welcome = host.UdpSocket("127.0.0.1");
        host.Ip($"addr add 192.168.241.1/24 dev {daemon.Interface}");
        new Wg(daemon.Interface).Set("private-key /dev/stdin", WgKey.Generate().Private);
        host.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => UapiClient.Get(daemon.Interface).All("listen_port") is [not "0"], "no port");
        using var capture = PacketCapture.Start(host, Port(refused));

        for (var i = 0; i < LowOrderPoints.Length; i++)
        {
            AddPeer(daemon, LowOrderPoints[i], Port(refused), $"192.168.241.{10 + i}");
            Transfers.SendOne(host, "192.168.241.1", IPEndPoint.Parse($"192.168.241.{10 + i}:9"), [1]);
        }

        // The same words about a sound key make an initiation leave: the silence above is not a broken set-up.
        AddPeer(daemon, WgKey.Hex(WgKey.Generate().Public), Port(welcome), "192.168.241.99");
        Transfers.SendOne(host, "192.168.241.1", IPEndPoint.Parse("192.168.241.99:9"), [1]);
        Assert.Equal(148, welcome.Receive(new byte[2048]));
        Assert.False(Poll.Try(() => capture.Packets.Length > 0, TimeSpan.FromMilliseconds(200)), "an initiation to a low-order point left");
        daemon.AssertRunning();
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static void AddPeer(Daemon daemon, string publicKeyHex, int port, string address) =>
        Assert.Equal(0, UapiClient.Set(
            daemon.Interface,
            $"public_key={publicKeyHex}",
            $"endpoint=127.0.0.1:{port}",
            "persistent_keepalive_interval=1",
            $"allowed_ip={address}/32").Errno);
}
