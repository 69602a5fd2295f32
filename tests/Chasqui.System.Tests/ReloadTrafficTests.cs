using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Traffic flows while all around it is changed.</summary>
public sealed class ReloadTrafficTests : SystemTest
{
    private const string Tunnel4 = "192.168.241.1";

    [Fact]
    public void APingLosesNothingAndTheSessionStays()
    {
        using var scene = new ReloadScene();
        (NetworkNamespace host, TunnelEnd server, WgKey key) = BuildServer(scene);
        string start = Start(server, key, $"{server.Inner4}/32");
        scene.Quick.Write(start);
        scene.Run(static (file, options) => Quick.QuickUp.Run(file, options), null);
        Poll.Until(() => scene.Network.Ping(server.Inner4), "no traffic after up");
        var wg = new Wg(scene.Quick.Interface);
        long handshake = wg.LatestHandshake(server.Key.Public);
        (long received, _) = wg.Transfer(server.Key.Public);

        RunningProcess ping = scene.Network.Start($"ping -n -i 0.01 -c 400 -W 2 {server.Inner4}");
        string[] files =
        [
            Start(server, key, $"{server.Inner4}/32, {server.Inner6}/128, 10.5.0.0/16"),
            Start(server, key, "192.168.240.0/22") + Other("10.5.0.0/16"),
            Start(server, key, "0.0.0.0/0, ::/0") + Other("10.6.0.0/16"),
            Start(server, key, "0.0.0.0/0").Replace("fd00:241::1/64", "fd00:241::7/64, 10.77.0.1/32", StringComparison.Ordinal),
            Start(server, key, "0.0.0.0/0").Replace("MTU = 1380", "MTU = 1300\nTable = 777", StringComparison.Ordinal),
            start,
        ];
        foreach (string file in files)
        {
            scene.Quick.Write(file);
            scene.Reload(beforeStep: null);
        }

        Assert.False(ping.HasExited, "the reloads took longer than the pings");
        Assert.True(ping.WaitForExit(TimeSpan.FromSeconds(15)));
        string summary = ping.Finish(TimeSpan.FromSeconds(1)).Output;
        Assert.Contains("400 packets transmitted, 400 received, 0% packet loss", summary, StringComparison.Ordinal);
        Assert.Equal(handshake, wg.LatestHandshake(server.Key.Public));
        Assert.True(wg.Transfer(server.Key.Public).Received > received + (400 * 64), "the counters began again");
        Assert.DoesNotContain("error", host.Ip("link").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAddressIsReplacedUnderItsNeighbour()
    {
        using var scene = new ReloadScene();
        (_, TunnelEnd server, WgKey key) = BuildServer(scene);
        scene.Quick.Write(Start(server, key, "192.168.241.0/24").Replace($"{Tunnel4}/24", $"10.3.0.9/24, {Tunnel4}/24", StringComparison.Ordinal));
        scene.Run(static (file, options) => Quick.QuickUp.Run(file, options), null);
        Poll.Until(() => scene.Network.Ping(server.Inner4), "no traffic after up");

        RunningProcess ping = scene.Network.Start($"ping -n -i 0.01 -c 100 -W 2 -I {Tunnel4} {server.Inner4}");
        scene.Quick.Write(Start(server, key, "192.168.241.0/24").Replace($"{Tunnel4}/24", $"10.3.0.8/24, {Tunnel4}/24", StringComparison.Ordinal));
        scene.Reload(beforeStep: null);

        Assert.True(ping.WaitForExit(TimeSpan.FromSeconds(15)));
        Assert.Contains(" 0% packet loss", ping.Finish(TimeSpan.FromSeconds(1)).Output, StringComparison.Ordinal);
    }

    private static string Start(TunnelEnd server, WgKey key, string allowedIps) =>
        $"""
        [Interface]
        Address = {Tunnel4}/24, fd00:241::1/64
        PrivateKey = {key.Private}
        ListenPort = 10000
        MTU = 1380
        [Peer]
        PublicKey = {server.Key.Public}
        Endpoint = 172.16.0.1:{server.Port}
        AllowedIPs = {allowedIps}

        """;

    private static string Other(string allowedIps) => $"[Peer]\nPublicKey = {ReloadScene.OtherKey}\nAllowedIPs = {allowedIps}\n";

    /// <summary>The other end of the scene's cable: a host that the tunnel leads to.</summary>
    private (NetworkNamespace Host, TunnelEnd Server, WgKey Key) BuildServer(ReloadScene scene)
    {
        NetworkNamespace host = NewNamespace();
        scene.Network.Ip($"link set veth2 netns {host.Name}");
        host.Ip("link set veth2 up");
        host.Ip("addr add 172.16.0.1/24 dev veth2");
        var server = new TunnelEnd(Implementation.Chasqui, NewDaemon(Implementation.Chasqui, host), host, 2);
        var key = WgKey.Generate();
        host.Ip($"addr add 192.168.241.2/24 dev {server.Interface}");
        server.Wg.SetConf(
            $"""
            [Interface]
            PrivateKey = {server.Key.Private}
            ListenPort = {server.Port}
            [Peer]
            PublicKey = {key.Public}
            AllowedIPs = {Tunnel4}/32, fd00:241::/64

            """);
        server.BringUp();
        Assert.Equal("192.168.241.2", server.Inner4);
        return (host, server, key);
    }
}
