using Chasqui.Core.Config;
using Chasqui.Core.RouterOs;

namespace Chasqui.Core.Tests.RouterOs;

public sealed class RouterOsImportTests
{
    [Fact]
    public void ReadsWhatVersion7_1Exports()
    {
        RouterOsImport import = RouterOsImport.Read(RouterOsExports.Version7_1);

        Assert.Equal("7.1.1", import.Version);
        Assert.Equal(
            $"""
            [Interface]
            ListenPort = 13231
            MTU = 1420
            Address = 10.8.0.1/24

            [Peer]
            # Name = Ann's phone
            PublicKey = {RouterOsExports.KeyA}
            AllowedIPs = 10.8.0.2/32

            [Peer]
            PublicKey = {RouterOsExports.KeyB}
            AllowedIPs = 10.8.0.3/32, 192.168.77.0/24
            Endpoint = vpn.example.org:51820
            PersistentKeepalive = 25

            """,
            Assert.Single(import.Interfaces).Conf);
        Assert.Equal(
            [
                "commands of other menus that name no interface of WireGuard are left out: 3.",
                "line 9: private-key: the export hides it. Export with show-sensitive, or write PrivateKey into the file; without it there is no handshake.",
                "line 22: /ip/firewall/filter add names `wireguard1'; it is not carried over.",
            ],
            import.NotCarriedOver.Select(note => note.ToString()));
    }

    [Fact]
    public void APeerThatIsOffLosesWhatIsForItsOtherEndAndThatIsSaid()
    {
        RouterOsImport import = RouterOsImport.Read($"""
            /interface/wireguard add name=wg0
            /interface/wireguard/peers
            add interface=wg0 name=branch disabled=yes client-dns=1.1.1.1 public-key="{RouterOsExports.KeyA}" allowed-address=10.0.0.1/32
            """);

        Assert.DoesNotContain("1.1.1.1", Assert.Single(import.Interfaces).Conf, StringComparison.Ordinal);
        Assert.Contains(import.NotCarriedOver, static note => note.ToString() == "line 3: client-dns: it is for the other end's file; it is left out.");
    }

    [Fact]
    public void ReadsWhatVersion7_12Exports()
    {
        RouterOsImport import = RouterOsImport.Read(RouterOsExports.Version7_12);

        Assert.Equal(
            $"""
            [Interface]
            # Comment = Zürich "HQ"
            ListenPort = 51820
            MTU = 1412
            Address = 10.20.0.1/24
            Address = 10.66.66.7/32
            Address = fd00:20::1/64

            [Peer]
            # Name = Branch  north
            # ClientAddress = 10.20.0.2/32
            # ClientDNS = 10.20.0.1
            PublicKey = {RouterOsExports.KeyA}
            AllowedIPs = 10.20.0.2/32, fd00:20::2/128, 192.168.253.0/24
            Endpoint = [2001:db8::7]:13231
            PersistentKeepalive = 100

            # [Peer] off on RouterOS
            # PublicKey = {RouterOsExports.KeyB}
            # AllowedIPs = 10.20.0.3/32

            """,
            Assert.Single(import.Interfaces).Conf);
        Assert.Equal("Branch  north", Assert.Single(ConfDocument.Parse(import.Interfaces[0].Conf).Peers).Name);
        AssertStarts(
            [
                "line 5: private-key: ", "line 8: client-dns: ", "line 8: client-address: ", "line 10: is-responder: ", "line 12: disabled: ",
                "line 21: address: `::1/64' is completed by RouterOS",
            ],
            import.NotCarriedOver.Select(static note => note.ToString()));
    }

    [Fact]
    public void ReadsWhatVersion7_21Exports()
    {
        RouterOsImport import = RouterOsImport.Read(RouterOsExports.Version7_21);

        Assert.Equal(["Sitetosite", "wg-old"], import.Interfaces.Select(known => known.Name));
        Assert.Equal(
            $"""
            [Interface]
            ListenPort = 13231
            MTU = 1420
            PrivateKey = {RouterOsExports.Private}
            Address = 10.255.255.1/30

            [Peer]
            # Name = branch-r2
            # Comment = R2 Branch
            # ClientAllowedIPs = ::/0
            PublicKey = {RouterOsExports.KeyA}
            PresharedKey = {RouterOsExports.Private}
            AllowedIPs = 10.255.255.2/32, 10.30.30.0/24
            Endpoint = 198.51.100.4:13232
            PersistentKeepalive = 25

            """,
            import.Interfaces[0].Conf);
        Assert.Contains("Table = off\n", import.Interfaces[1].Conf, StringComparison.Ordinal);
        string[] notes = [.. import.NotCarriedOver.Select(note => note.ToString())];
        foreach (string start in (string[])[
            "line 4: `Site to site' is no interface's name on Linux; Sitetosite is.",
            "line 5: disabled: ", "line 5: vrf: ", "line 7: /interface/list/member add names `Site to site'", "line 8: client-allowed-address: ",
            "line 9: responder: ", "line 9: private-key: ", "line 9: 0.0.0.0/0 is allowed", "line 11: address: `10.9.0.1/24' is disabled"])
        {
            Assert.Contains(notes, note => note.StartsWith(start, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(notes, note => note.Contains(RouterOsExports.Private, StringComparison.Ordinal));
    }

    [Fact]
    public void FollowsSetDisableAndRemove()
    {
        RouterOsImport import = RouterOsImport.Read($"""
            /interface/wireguard/add name=wg0
            /interface/wireguard/set wg0 listen-port=5
            /interface/wireguard/set [find where name=wg0] mtu=1400
            /interface/wireguard/peers
            add interface=wg0 public-key="{RouterOsExports.KeyA}" allowed-address=10.0.0.1/32
            add interface=wg0 public-key="{RouterOsExports.KeyB}" allowed-address=10.0.0.2/32
            add interface=wg0 public-key="{RouterOsExports.KeyC}" allowed-address=10.0.0.3/32
            set 0 comment=first
            disable [find public-key="{RouterOsExports.KeyB}"]
            remove numbers=2
            set [find name~"x"] comment=no
            """);

        string conf = Assert.Single(import.Interfaces).Conf;
        Assert.Contains("ListenPort = 5\nMTU = 1400\n", conf, StringComparison.Ordinal);
        Assert.Equal("first", Assert.Single(ConfDocument.Parse(conf).Peers).Name);
        Assert.Contains("# [Peer] off on RouterOS\n", conf, StringComparison.Ordinal);
        Assert.Contains(import.NotCarriedOver, note => note.Line == 11);
    }

    [Theory]
    [InlineData("comment=\"a\\r\\nPostUp = reboot\"", "# Name = a  PostUp = reboot")]
    [InlineData("name=\"x # y\"", "# Name = x # y")]
    [InlineData("name=peer7 comment=Ann", "# Name = Ann")]
    [InlineData("name=peer7", "# Name = peer7")]
    public void NamesBecomeOneCommentAndNothingElse(string words, string line)
    {
        string conf = Import($"/interface/wireguard/peers/add interface=wg0 allowed-address=10.0.0.1/32 public-key=\"{RouterOsExports.KeyA}\" {words}");

        Assert.Contains(line, conf.Split('\n'));
        Assert.Empty(QuickConf.Parse(conf, null).PostUp);
    }

    [Theory]
    [InlineData("endpoint-address=\"a b\" endpoint-port=5")]
    [InlineData("endpoint-address=\"a#b\" endpoint-port=5")]
    [InlineData("endpoint-address=\"a\\nPostUp=x\" endpoint-port=5")]
    [InlineData("endpoint-address=a")]
    [InlineData("endpoint-address=a endpoint-port=70000")]
    [InlineData("endpoint-port=5")]
    [InlineData("persistent-keepalive=1h30m1d")]
    [InlineData("persistent-keepalive=x")]
    [InlineData("allowed-address=10.0.0.0/33")]
    [InlineData("allowed-address=\"10.0.0.0/8\\nPostUp=x\"")]
    [InlineData("preshared-key=auto")]
    [InlineData("something-new=1")]
    public void WrongValuesAreToldAndLeftOut(string words)
    {
        RouterOsImport import = RouterOsImport.Read(
            $"/interface/wireguard/add name=wg0 private-key=\"{RouterOsExports.Private}\"\n"
            + $"/interface/wireguard/peers/add interface=wg0 public-key=\"{RouterOsExports.KeyA}\" {words}");

        Assert.Equal(2, Assert.Single(import.NotCarriedOver).Line);
        Assert.Equal(
            $"[Interface]\nPrivateKey = {RouterOsExports.Private}\n\n[Peer]\nPublicKey = {RouterOsExports.KeyA}\n",
            import.Interfaces[0].Conf);
    }

    [Fact]
    public void RoutesOfItsOwnReplaceThoseOfADefaultThatRouterOsHadNot()
    {
        string conf = Import($"""
            /interface/wireguard/peers/add interface=wg0 allowed-address=0.0.0.0/0,::/0 public-key="{RouterOsExports.KeyA}"
            /ip/address/add address=10.0.0.2/24 interface=wg0
            /ip/route/add dst-address=172.16.0.0/12 gateway=10.0.0.1
            /ip/route/add dst-address=10.0.0.0/25 gateway=wg0
            /ip/route/add dst-address=172.20.0.0/16 gateway=wg0 routing-table=other
            """);

        QuickConf quick = QuickConf.Parse(conf, null);
        Assert.True(quick.IsTableOff);
        Assert.Equal(["ip -4 route add 172.16.0.0/12 dev %i"], quick.PostUp.Select(hook => hook.Text));
    }

    [Fact]
    public void ADefaultRouteThatIsThereStays()
    {
        string conf = Import($"""
            /interface/wireguard/peers/add interface=wg0 allowed-address=0.0.0.0/0 public-key="{RouterOsExports.KeyA}"
            /ip/route/add gateway=wg0
            """);

        Assert.Null(QuickConf.Parse(conf, null).WrittenTable);
    }

    [Fact]
    public void NamesThatLinuxDoesNotTakeAreMadeSuchAsItTakes()
    {
        RouterOsImport import = RouterOsImport.Read("""
            /interface/wireguard
            add name="../../etc/passwd"
            add name="a very long name of an interface"
            add name="a very long name, too"
            add name="a very long name, again"
            add name="\C3\BC"
            add name=wg
            add name=".."
            add
            """);

        Assert.Equal(
            ["etcpasswd", "averylongnameof", "averylongnameto", "averylongnameag", "wg", "wg1", "wg2"], import.Interfaces.Select(known => known.Name));
    }

    [Theory]
    [InlineData("# x\n[Interface]\nPostUp = /bin/true", false)]
    [InlineData("# 2024 by RouterOS 7.1\n", true)]
    [InlineData("\n/interface/wireguard/add", true)]
    [InlineData(" [ interface ] # /x\n", false)]
    [InlineData("# 2024 by RouterOS 7.1\n[Interface]\nPostUp = a\n/b", false)]
    [InlineData("", false)]
    public void TellsScriptsFromFiles(string text, bool isScript) => Assert.Equal(isScript, RouterOsImport.IsScript(text));

    private static void AssertStarts(IReadOnlyList<string> starts, IEnumerable<string> sentences) =>
        Assert.Collection(sentences, [.. starts.Select(start => new Action<string>(sentence => Assert.StartsWith(start, sentence, StringComparison.Ordinal)))]);

    private static string Import(string lines) =>
        RouterOsImport.Read($"/interface/wireguard/add name=wg0\n{lines}").Interfaces[0].Conf;
}
