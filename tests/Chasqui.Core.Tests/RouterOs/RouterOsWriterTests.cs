using System.Text;
using Chasqui.Core.Keys;
using Chasqui.Core.RouterOs;
using Chasqui.Core.Scripts;
using Chasqui.Core.Tests.Scripts;

namespace Chasqui.Core.Tests.RouterOs;

public sealed class RouterOsWriterTests
{
    [Fact]
    public void WritesAllOfATunnel()
    {
        CommandScript script = RouterOsWriter.Write("wg0", $"""
            [Interface]
            PrivateKey = {RouterOsExports.Private}
            ListenPort = 51820
            MTU = 1400
            Address = 10.8.0.2/24, fd00::2/64

            [Peer]
            # Name = Zürich "HQ"
            PublicKey = {RouterOsExports.KeyA}
            PresharedKey = {RouterOsExports.Private}
            AllowedIPs = 10.8.0.0/24, fd00::/64, 192.168.0.0/16, fd01::/48
            Endpoint = vpn.example.org:51820
            PersistentKeepalive = 25
            """);

        Assert.Empty(script.NotCarriedOver);
        Assert.Equal(
            $"""
            # WireGuard "wg0" for RouterOS 7: paste this into a terminal, or /import the file.
            /interface/wireguard/add name="wg0" listen-port=51820 mtu=1400 private-key="{RouterOsExports.Private}"
            /interface/wireguard/peers/add interface="wg0" comment="Z\C3\BCrich \"HQ\"" public-key="{RouterOsExports.KeyA}" preshared-key="{RouterOsExports.Private}" endpoint-address="vpn.example.org" endpoint-port=51820 allowed-address=10.8.0.0/24,fd00::/64,192.168.0.0/16,fd01::/48 persistent-keepalive=25s
            /ip/address/add address=10.8.0.2/24 interface="wg0"
            /ipv6/address/add address=fd00::2/64 interface="wg0" advertise=no
            /ipv6/route/add dst-address=fd01::/48 gateway="wg0"
            /ip/route/add dst-address=192.168.0.0/16 gateway="wg0"
            # Let the other ends in, before the rules that drop:
            /ip/firewall/filter/add chain=input action=accept protocol=udp dst-port=51820 comment="WireGuard wg0"
            /ip/firewall/filter/move [find comment="WireGuard wg0"] [:pick [find chain=input action=drop dynamic=no] 0]
            /ipv6/firewall/filter/add chain=input action=accept protocol=udp dst-port=51820 comment="WireGuard wg0"
            /ipv6/firewall/filter/move [find comment="WireGuard wg0"] [:pick [find chain=input action=drop dynamic=no] 0]
            # MikroTik's default firewall drops what comes through the tunnel to the router itself; to treat it as the LAN:
            # /interface/list/member/add list=LAN interface="wg0"
            # Names are new in 7.15; an older RouterOS refuses these lines, and nothing else is lost:
            /interface/wireguard/peers/set [find interface="wg0" public-key="{RouterOsExports.KeyA}"] name="Z\C3\BCrich \"HQ\""

            """,
            script.Text);
    }

    [Fact]
    public void WithoutAKeyRouterOsMakesOneAndShowsThePublicOne()
    {
        string text = RouterOsWriter.Write("wg0", "[Interface]\nAddress = 10.0.0.1/24\n").Text;

        Assert.Contains("/interface/wireguard/add name=\"wg0\"\n", text, StringComparison.Ordinal);
        Assert.EndsWith(":put [/interface/wireguard/get [find name=\"wg0\"] public-key]\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ADefaultRouteIsAComment()
    {
        CommandScript script = RouterOsWriter.Write("wg0", $"""
            [Interface]
            Address = 10.8.0.2/24
            [Peer]
            PublicKey = {RouterOsExports.KeyA}
            AllowedIPs = 0.0.0.0/0, ::/0
            Endpoint = 192.0.2.1:5
            """);

        string[] commands = [.. script.Text.Split('\n').Where(static line => !line.StartsWith('#'))];
        Assert.DoesNotContain(commands, line => line.Contains("/route/", StringComparison.Ordinal));
        Assert.Contains("# /ip/route/add dst-address=192.0.2.1/32 gateway=GATEWAY-IN-USE-NOW\n# /ip/route/add dst-address=0.0.0.0/0 gateway=\"wg0\"\n", script.Text, StringComparison.Ordinal);
        Assert.Contains("# /ipv6/route/add dst-address=::/0 gateway=\"wg0\"\n", script.Text, StringComparison.Ordinal);
        Assert.Equal(2, script.NotCarriedOver.Count);
    }

    [Fact]
    public void TheWayToAHostNameIsLeftToWhoeverKnowsItsAddress() => Assert.Contains(
        "# /ip/route/add dst-address=ADDRESS-NOW-OF-\"vpn.example.org\" gateway=GATEWAY-IN-USE-NOW\n",
        RouterOsWriter.Write("wg0", $"[Peer]\nPublicKey = {RouterOsExports.KeyA}\nAllowedIPs = 0.0.0.0/0\nEndpoint = vpn.example.org:5\n").Text,
        StringComparison.Ordinal);

    [Fact]
    public void TellsWhatRouterOsHasNoPlaceFor()
    {
        CommandScript script = RouterOsWriter.Write("wg0", $"""
            [Interface]
            DNS = 10.0.0.1, example.org
            Table = 51
            PostUp = iptables -A FORWARD -j ACCEPT # all
            FwMark = 0x10
            [Peer]
            # Name = a
            PublicKey = {RouterOsExports.KeyA}
            AllowedIPs = 10.0.0.0/8
            Endpoint = host:domain
            [Peer]
            # Name = b
            PublicKey = {RouterOsExports.KeyB}
            AllowedIPs = 10.1.0.0/16
            [Peer]
            PublicKey = {RouterOsExports.KeyC}
            """);

        string[] starts =
        [
            "line 6: `a': ", $"line 15: {RouterOsExports.KeyC}: ", "line 2: DNS: `10.0.0.1': ", "line 2: DNS: `example.org': ", "line 3: Table: `51': ",
            "line 4: PostUp: `iptables -A FORWARD -j ACCEPT # all': ", "FwMark: 0x10: ", "line 11: `b': 10.1.0.0/16 lies in 10.0.0.0/8 of `a'; ",
        ];
        Assert.Equal(starts.Length, script.NotCarriedOver.Count);
        Assert.All(starts, (start, i) => Assert.StartsWith(start, script.NotCarriedOver[i], StringComparison.Ordinal));
    }

    [Fact]
    public void NoNameIsACommand()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            string name = RouterOsStringTests.NextText(random);

            string[] verbs = [.. RouterOsReader.Read(RouterOsWriter.Write(name, RandomConf.Next(random)).Text).Commands
                .Select(static command => $"{command.Menu} {command.Verb}").Distinct()];

            Assert.True(
                Array.TrueForAll(verbs, static verb => verb is "/interface/wireguard add" or "/interface/wireguard/peers add" or "/interface/wireguard/peers set"
                    or "/ip/address add" or "/ipv6/address add" or "/ip/route add" or "/ip/firewall/filter add" or "/ipv6/firewall/filter add"
                    or "/ip/firewall/filter move" or "/ipv6/firewall/filter move"),
                $"seed {seed}: {string.Join(", ", verbs)}");
        }
    }

    [Fact]
    public void TheImporterReadsTheSameModel()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            string conf = RandomConf.Next(new Random(seed));

            RouterOsImport import = RouterOsImport.Read(RouterOsWriter.Write("wg0", conf).Text);

            RouterOsInterface read = Assert.Single(import.Interfaces);
            Assert.True(Model("wg0", conf) == Model(read.Name, read.Conf), $"seed {seed}:\n{conf}\n{read.Conf}");
            Assert.DoesNotContain(import.NotCarriedOver, note => note.Sentence.StartsWith("not understood", StringComparison.Ordinal));
        }
    }

    private static string Model(string name, string conf)
    {
        using TunnelEnd end = TunnelEnd.Read(name, conf);
        var text = new StringBuilder($"{name} {KeyText.ToBase64(end.PrivateKey!.DangerousSpan)} {end.ListenPort} {end.Mtu} {string.Join(' ', end.Addresses)}\n");
        foreach (TunnelEndPeer peer in end.Peers)
        {
            string secret = peer.PresharedKey is { } key ? KeyText.ToBase64(key.DangerousSpan) : "none";
            text.Append($"{peer.PublicKey} {peer.Name} {secret} {peer.Endpoint} {peer.KeepaliveSeconds} {string.Join(' ', peer.AllowedIps)}\n");
        }

        return text.ToString();
    }
}
