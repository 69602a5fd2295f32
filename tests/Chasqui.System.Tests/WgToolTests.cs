using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The stock <c>wg</c> does everything it does with any other daemon.</summary>
public sealed class WgToolTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Daemons))]
    public void ShowsBackTheConfigurationItWrote(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var wg = new Wg(daemon.Interface);
        var (key, peer, presharedKey) = (WgKey.Generate(), WgKey.Random(), WgKey.Random());

        wg.SetConf(
            $"""
            [Interface]
            PrivateKey = {key.Private}
            ListenPort = 4571
            FwMark = 0x1234
            [Peer]
            PublicKey = {peer}
            PresharedKey = {presharedKey}
            Endpoint = [2001:db8::1]:51820
            AllowedIPs = 10.0.0.0/8, ::/0
            PersistentKeepalive = 25

            """);

        var shown = wg.ShowConf().Split('\n').Select(line => line.Replace(" ", "", StringComparison.Ordinal)).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                $"PrivateKey={key.Private}", "ListenPort=4571", "FwMark=0x1234", $"PublicKey={peer}", $"PresharedKey={presharedKey}",
                "Endpoint=[2001:db8::1]:51820", "PersistentKeepalive=25",
            },
            shown);
        Assert.Equal(["10.0.0.0/8", "::/0"], wg.AllowedIps(peer).Order(StringComparer.Ordinal));
        Assert.Equal(key.Public, wg.Show("public-key").Text);
        Assert.Equal("25", wg.Show("persistent-keepalive", peer)[0]);
        Assert.Contains(daemon.Interface, Command.Words(Command.Run("wg show interfaces").Text));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void AddsWithAddconfAndReplacesWithSetconf(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var wg = new Wg(daemon.Interface);
        var (first, second) = (WgKey.Random(), WgKey.Random());
        wg.SetConf($"[Interface]\nListenPort = 4572\n[Peer]\nPublicKey = {first}\nAllowedIPs = 10.1.0.0/16\n");

        wg.AddConf($"[Peer]\nPublicKey = {second}\nAllowedIPs = 10.2.0.0/16\n");
        Assert.Equal(new[] { first, second }.Order(), wg.Peers().Order());
        Assert.Equal("4572", wg.Show("listen-port").Text);

        wg.SetConf($"[Interface]\nListenPort = 4573\n[Peer]\nPublicKey = {second}\n");
        Assert.Equal([second], wg.Peers());
        Assert.Equal(["(none)"], wg.AllowedIps(second));
        Assert.Equal("4573", wg.Show("listen-port").Text);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void KeepsSessionsThroughSyncconf(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        var (a, b) = (tunnel.A, tunnel.B);
        var gone = WgKey.Random();
        a.Wg.Set($"peer {gone} allowed-ips 10.1.0.0/16");
        var handshake = UapiClient.Get(a.Interface).Of(WgKey.Hex(b.Key.Public), "last_handshake_time_nsec");
        var (received, _) = a.Wg.Transfer(b.Key.Public);
        using var capture = PacketCapture.Start(a.Daemon.Birth, a.Port);
        var added = WgKey.Random();

        a.Wg.SyncConf(
            $"""
            [Interface]
            PrivateKey = {a.Key.Private}
            ListenPort = {a.Port}
            [Peer]
            PublicKey = {b.Key.Public}
            AllowedIPs = {b.Inner4}/32, 10.5.0.0/16
            [Peer]
            PublicKey = {added}
            AllowedIPs = 10.6.0.0/16

            """);

        a.AssertReaches(b);
        Assert.Equal(new[] { b.Key.Public, added }.Order(), a.Wg.Peers().Order());
        Assert.Equal(new[] { "10.5.0.0/16", $"{b.Inner4}/32" }, a.Wg.AllowedIps(b.Key.Public).Order(StringComparer.Ordinal));
        Assert.Equal(handshake, UapiClient.Get(a.Interface).Of(WgKey.Hex(b.Key.Public), "last_handshake_time_nsec"));
        Assert.True(a.Wg.Transfer(b.Key.Public).Received > received);
        Assert.DoesNotContain(capture.Packets, packet => packet.MessageType == 1);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void GetsWordsForARefusal(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        using var taken = daemon.Birth.UdpSocket("0.0.0.0", 5152);
        daemon.Birth.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => daemon.Birth.UdpPorts().Count > 1, "the daemon opens no port");

        var refusal = new Wg(daemon.Interface).TrySet("listen-port 5152");

        Assert.False(refusal.Succeeded);
        Assert.Contains("Address already in use", refusal.Error, StringComparison.Ordinal);
    }
}
