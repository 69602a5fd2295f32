using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The stock <c>wg-quick</c> brings us up and down as its userspace implementation.</summary>
public sealed class WgQuickTests : SystemTest
{
    private const string Beyond4 = "198.51.100.1";
    private const string Beyond6 = "2001:db8::1";
    private const int ClientPort = 10000;

    [Theory]
    [MemberData(nameof(Pairs))]
    public void BringsAnInterfaceUpAndDown(Implementation a, Implementation b)
    {
        var scene = BuildScene(a, b);

        scene.Quick.Up(scene.Configuration("Table = off", $"{scene.Server.Inner4}/32, {scene.Server.Inner6}/128"));

        Poll.Until(() => scene.Client.Ping(scene.Server.Inner4), "no traffic after wg-quick up");
        Assert.True(scene.Client.Ping(scene.Server.Inner6));
        Assert.Contains("mtu 1420", scene.Client.Ip($"link show {scene.Quick.Interface}").Output, StringComparison.Ordinal);

        scene.Quick.Down();
        Assert.False(scene.Client.HasLink(scene.Quick.Interface));
        Poll.Until(() => scene.Quick.ProcessIds().Length == 0, "the daemon stays after wg-quick down");
        Assert.False(File.Exists(Daemon.SocketPathOf(scene.Quick.Interface)));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void RoutesEverythingThroughTheTunnel(Implementation a, Implementation b)
    {
        Programs.RequireTool("nft");
        var scene = BuildScene(a, b);
        scene.Client.Ip($"route add default via {Tunnel.VethAddressB4}");
        scene.Client.Ip($"-6 route add default via {Tunnel.VethAddressB6}");
        var rules = scene.Client.Ip("rule").Output + scene.Client.Ip("-6 rule").Output;

        scene.Quick.Up(scene.Configuration("", "0.0.0.0/0, ::/0"));

        Poll.Until(() => scene.Client.Ping(Beyond4), "no traffic through the default route");
        Assert.True(scene.Client.Ping(Beyond6));
        var wg = new Wg(scene.Quick.Interface);
        Assert.Equal("0xca6c", wg.Show("fwmark").Text);
        Assert.True(wg.Transfer(scene.Server.Key.Public).Received > 128, "the answers came past the tunnel");
        Assert.Contains("not from all fwmark 0xca6c lookup 51820", scene.Client.Ip("rule").Output, StringComparison.Ordinal);
        Transfers.Tcp(scene.Client, scene.Server.Home, Beyond4, 1 << 20);

        scene.Quick.Down();
        Assert.Equal(rules, scene.Client.Ip("rule").Output + scene.Client.Ip("-6 rule").Output);
        Assert.DoesNotContain("wg-quick", scene.Client.Run("nft list tables").Output, StringComparison.Ordinal);
        Poll.Until(() => scene.Quick.ProcessIds().Length == 0, "the daemon stays after wg-quick down");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ReloadsWithStripAndSyncconf(Implementation a, Implementation b)
    {
        var scene = BuildScene(a, b);
        scene.Quick.Up(scene.Configuration("Table = off", $"{scene.Server.Inner4}/32"));
        Poll.Until(() => scene.Client.Ping(scene.Server.Inner4), "no traffic after wg-quick up");
        var wg = new Wg(scene.Quick.Interface);
        var (received, _) = wg.Transfer(scene.Server.Key.Public);
        using var capture = PacketCapture.Start(scene.Client, ClientPort);

        scene.Quick.Write(scene.Configuration("Table = off", $"{scene.Server.Inner4}/32, {scene.Server.Inner6}/128"));
        wg.SyncConf(scene.Quick.Strip());

        Assert.True(scene.Client.Ping(scene.Server.Inner6));
        Assert.True(wg.Transfer(scene.Server.Key.Public).Received > received);
        Assert.DoesNotContain(capture.Packets, packet => packet.MessageType == 1);
        scene.Quick.Down();
    }

    private Scene BuildScene(Implementation a, Implementation b)
    {
        Programs.Require(a, b);
        Programs.RequireTool("wg-quick");
        if (Directory.Exists("/sys/module/wireguard"))
        {
            Assert.Skip("the kernel has WireGuard: wg-quick would not start a daemon");
        }

        var (client, host) = (NewNamespace(), NewNamespace());
        NetworkNamespace.Join(client, "veth1", host, "veth2");
        client.Ip($"addr add {Tunnel.VethAddressA4}/24 dev veth1");
        client.Ip($"addr add {Tunnel.VethAddressA6}/96 dev veth1 nodad");
        host.Ip($"addr add {Tunnel.VethAddressB4}/24 dev veth2");
        host.Ip($"addr add {Tunnel.VethAddressB6}/96 dev veth2 nodad");
        host.Ip($"addr add {Beyond4}/32 dev lo");
        host.Ip($"addr add {Beyond6}/128 dev lo");

        var server = new TunnelEnd(b, NewDaemon(b, host), host, 2);
        var key = WgKey.Generate();
        host.Ip($"addr add {server.Inner4}/24 dev {server.Interface}");
        host.Ip($"addr add {server.Inner6}/64 dev {server.Interface} nodad");
        server.Wg.SetConf(
            $"""
            [Interface]
            PrivateKey = {server.Key.Private}
            ListenPort = {server.Port}
            [Peer]
            PublicKey = {key.Public}
            AllowedIPs = 192.168.241.1/32, fd00:241::1/128

            """);
        server.BringUp();
        return new Scene(client, server, key, Own(new WgQuick(a, client)));
    }

    private sealed record Scene(NetworkNamespace Client, TunnelEnd Server, WgKey Key, WgQuick Quick)
    {
        public string Configuration(string interfaceLines, string allowedIps) =>
            $"""
            [Interface]
            Address = 192.168.241.1/24, fd00:241::1/64
            PrivateKey = {Key.Private}
            ListenPort = {ClientPort}
            {interfaceLines}
            [Peer]
            PublicKey = {Server.Key.Public}
            Endpoint = {Tunnel.VethAddressB4}:{Server.Port}
            AllowedIPs = {allowedIps}

            """;
    }
}
