using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config.Provision;

public sealed class HubConfTests : IDisposable
{
    private const string KeyA = "qKZKuHYK1vCt2z9nHoCKIvzNAvqB6XwIRYOrH6BNX0A=";
    private const string KeyB = "qKZL8JDdWrmwVyYH2cNR7bMsmpZ0AwEtTGgkzU8tBhU=";

    private readonly PrivateKey _key = PrivateKey.Generate(new SeededEntropy(1));
    private readonly PresharedKey _presharedKey = new([.. Enumerable.Range(1, 32).Select(static i => (byte)i)]);
    private HubConf _hub;

    public HubConfTests() => _hub = Parse(New().ToDocument().ToString());

    public void Dispose()
    {
        _hub.Dispose();
        _key.Dispose();
        _presharedKey.Dispose();
    }

    [Fact]
    public void ANewHubsFileSaysWhatItWasMadeOf()
    {
        Assert.Equal(
            $"""
            [Interface]
            # Endpoint = vpn.example.com:51820
            # ClientAllowedIPs = 192.168.88.0/24
            # ClientDNS = 10.8.0.1
            # ClientMTU = 1300
            # ClientKeepalive = 15
            Address = 10.8.0.1/24, fd00:8::1/64
            ListenPort = 51820
            PrivateKey = {KeyText.ToBase64(_key.DangerousSpan)}
            MTU = 1400

            """,
            _hub.Document.ToString());
        Assert.Equal(51820, _hub.ListenPort);
        Assert.Equal(["10.8.0.1/24", "fd00:8::1/64"], _hub.Addresses.Select(static address => address.ToString()));
        Assert.True(_hub.PrivateKey!.FixedTimeEquals(_key));
        ClientSettings settings = _hub.ReadSettings(0);
        Assert.Equal("vpn.example.com:51820", settings.Endpoint);
        Assert.Equal("192.168.88.0/24", settings.AllowedIps!.ToString());
        Assert.Equal("10.8.0.1", settings.Dns);
        Assert.Equal(1300, settings.Mtu);
        Assert.Equal((ushort)15, settings.PersistentKeepaliveSeconds);
    }

    [Fact]
    public void APeersSectionSaysWhatItWasMadeOf()
    {
        _ = _hub.Add(Phone("phone") with { Networks = [Prefix("192.168.1.0/24")], Endpoint = "site.example:7" }, HubKey());

        Reread();
        ConfSection section = _hub.SectionOf(0);
        Assert.Equal("phone", section.Name);
        Assert.Equal(KeyA, section.Get(ConfKeys.PublicKey));
        Assert.Equal(KeyText.ToBase64(_presharedKey.DangerousSpan), section.Get(ConfKeys.PresharedKey));
        Assert.Equal("10.8.0.2/32, fd00:8::2/128, 192.168.1.0/24", section.Get(ConfKeys.AllowedIps));
        Assert.Equal("site.example:7", section.Get(ConfKeys.Endpoint));
        Assert.Equal(["10.8.0.2/24", "fd00:8::2/64"], _hub.ClientAddresses(0).Select(static address => address.ToString()));
    }

    [Fact]
    public void StockToolsTakeTheFile()
    {
        Assert.SkipUnless(StockWg.IsQuickHere, "needs wg-quick");
        _ = _hub.Add(Phone("it's $(reboot) [Peer] # 😀") with { Settings = new ClientSettings { Dns = "1.1.1.1" } }, HubKey());
        DirectoryInfo folder = Directory.CreateTempSubdirectory("chasqui");
        string path = Path.Combine(folder.FullName, "wg0.conf");
        File.WriteAllText(path, _hub.Document.ToString());

        StockAnswer answer = StockWg.RunQuick("strip", path);

        folder.Delete(recursive: true);
        Assert.Equal(0, answer.ExitCode);
        string stripped = System.Text.Encoding.UTF8.GetString(answer.Output);
        Assert.Equal(QuickConf.Parse(_hub.Document, null).Strip(), stripped);
        using WgConf conf = WgConf.Parse(stripped, new WgConfOptions());
        Assert.Equal(KeyA, Assert.Single(conf.Peers).PublicKey.ToString());
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("x\ry")]
    [InlineData("bell\a")]
    [InlineData("escape\e[31m")]
    [InlineData("\u2028")]
    [InlineData("\u202ereversed")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(KeyB)]
    public void RefusesNamesThatAreNone(string name)
    {
        string before = _hub.Document.ToString();

        Assert.Throws<ConfigException>(() => _hub.Add(Phone(name), HubKey()));

        Assert.Equal(before, _hub.Document.ToString());
    }

    [Fact]
    public void RefusesHalfCharacters() => Assert.Throws<ConfigException>(() => _hub.Add(Phone("half \ud800"), HubKey()));

    [Fact]
    public void RefusesLongNames() => Assert.Throws<ConfigException>(() => _hub.Add(Phone(new string('x', 1024)), HubKey()));

    [Theory]
    [InlineData("[Interface]")]
    [InlineData("[Peer]")]
    [InlineData("# PostUp = reboot")]
    [InlineData("PostUp = reboot")]
    [InlineData("$(reboot) `reboot` ; reboot & \" '")]
    [InlineData("PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("😀")]
    [InlineData("%i")]
    public void WhateverElseANameIsItIsAComment(string name)
    {
        string stripped = Strip();

        _ = _hub.Add(Phone(name), HubKey());
        Reread();

        Assert.Equal(name, _hub.SectionOf(0).Name);
        Assert.Equal(0, _hub.Find(name));
        QuickConf quick = _hub.QuickConf;
        Assert.Empty(quick.PreUp.Concat(quick.PostUp).Concat(quick.PreDown).Concat(quick.PostDown));
        _ = _hub.Document.Remove(_hub.SectionOf(0));
        Assert.Equal(stripped, Strip());
    }

    [Fact]
    public void ANameAKeyAndAPrefixBelongToOnePeer()
    {
        _ = _hub.Add(Phone("phone"), HubKey());
        Reread();
        HubPeer other = new() { Name = "other", PublicKey = Key(KeyB), Addresses = FreeAddressTests.Addresses("10.8.0.3/24") };

        Assert.Equal(
            "test.conf has a peer `phone' already; choose another name, or remove that one first.",
            Assert.Throws<ConfigException>(() => _hub.Add(other with { Name = "phone" }, HubKey())).Message);
        Assert.Throws<ConfigException>(() => _hub.Add(other with { Name = " phone " }, HubKey()));
        Assert.Equal(
            $"the peer `phone' has the public key {KeyA} already; each peer has a key of its own.",
            Assert.Throws<ConfigException>(() => _hub.Add(other with { PublicKey = Key(KeyA) }, HubKey())).Message);
        Assert.Equal(
            $"{HubKey()} is the public key of the interface itself; give the one of the other end.",
            Assert.Throws<ConfigException>(() => _hub.Add(other with { PublicKey = HubKey() }, HubKey())).Message);
        Assert.Equal(
            "the peer `phone' has 10.8.0.2/32 already, and a prefix belongs to one peer; give another.",
            Assert.Throws<ConfigException>(() => _hub.Add(other with { Addresses = FreeAddressTests.Addresses("10.8.0.2") }, HubKey())).Message);
        Assert.Equal(
            "10.8.0.1/32 is the address of the interface itself; give another, or leave it to be chosen.",
            Assert.Throws<ConfigException>(() => _hub.Add(other with { Addresses = FreeAddressTests.Addresses("10.8.0.1") }, HubKey())).Message);
        Assert.Single(_hub.Document.Peers);
    }

    [Fact]
    public void FindsPeersByNameKeyAndBeginningOfTheKey()
    {
        _ = _hub.Add(Phone("phone"), HubKey());
        _ = _hub.Add(new HubPeer { Name = "qKZK", PublicKey = Key(KeyB), Addresses = FreeAddressTests.Addresses("10.8.0.3") }, HubKey());
        Reread();

        Assert.Equal(0, _hub.Find("phone"));
        Assert.Equal(0, _hub.Find(KeyA));
        Assert.Equal(0, _hub.Find("qKZKu"));
        Assert.Equal(1, _hub.Find("qKZL"));
        Assert.Equal(1, _hub.Find("qKZK")); // a name comes before the beginning of another's key
        Assert.Contains("has no peer `qKZ'", Assert.Throws<ConfigException>(() => _hub.Find("qKZ")).Message, StringComparison.Ordinal);
        Assert.Contains("has no peer `fone'", Assert.Throws<ConfigException>(() => _hub.Find("fone")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhenABeginningIsOfSeveralKeys()
    {
        string shared = KeyA[..6] + KeyB[6..];
        _ = _hub.Add(Phone("a"), HubKey());
        _ = _hub.Add(new HubPeer { Name = "b", PublicKey = Key(shared), Addresses = FreeAddressTests.Addresses("10.8.0.3") }, HubKey());
        Reread();

        Assert.Equal("`qKZK' begins the keys of 2 peers; give more of the key.", Assert.Throws<ConfigException>(() => _hub.Find("qKZK")).Message);
    }

    [Fact]
    public void AClientIsToldItsOwnThenAllClientsThenWhatFollowsFromTheInterface()
    {
        ClientSettings own = new() { Dns = "9.9.9.9" };

        ClientSettings settings = _hub.SettingsFor(own, 51820);

        Assert.Equal("9.9.9.9", settings.Dns);
        Assert.Equal("vpn.example.com:51820", settings.Endpoint);
        Assert.Equal(1300, settings.Mtu);
        Assert.Equal("10.8.0.0/24, 192.168.88.0/24, fd00:8::/64", settings.AllowedIps!.ToSet().ToString());
    }

    [Fact]
    public void WithoutCommentsAClientGetsTheTunnelsNetworksTheInterfacesMtuAndAKeepalive()
    {
        Replace((New() with { Settings = new ClientSettings() }).ToDocument().ToString());

        ClientSettings settings = _hub.SettingsFor(new ClientSettings(), 51820);

        Assert.Null(settings.Endpoint);
        Assert.Equal("10.8.0.0/24, fd00:8::/64", settings.AllowedIps!.ToSet().ToString());
        Assert.Equal(1400, settings.Mtu);
        Assert.Equal(HubConf.UsualKeepaliveSeconds, settings.PersistentKeepaliveSeconds);
    }

    [Fact]
    public void TheTunnelsNetworksComeBackWhenAllPrivateOnesAreExcluded()
    {
        ClientSettings settings = _hub.SettingsFor(new ClientSettings { AllowedIps = AllowedIpsExpression.Parse("0.0.0.0/0, ::/0 - private") }, 51820);

        Assert.Equal("0.0.0.0/0, ::/0 - private + 10.8.0.0/24, fd00:8::/64", settings.AllowedIps!.ToString());
        Assert.Contains(Prefix("10.8.0.0/24"), settings.AllowedIps.Compute());
        Assert.False(settings.AllowedIps.ToSet().Contains(Prefix("10.9.0.0/32")));
    }

    [Fact]
    public void APlainListOfAClientsOwnIsTakenAsItIs() => Assert.Equal(
        "192.168.88.0/24",
        _hub.SettingsFor(new ClientSettings { AllowedIps = AllowedIpsExpression.Parse("192.168.88.0/24") }, 51820).AllowedIps!.ToString());

    [Theory]
    [InlineData("# Endpoint = two words", "test.conf:1: # Endpoint: ")]
    [InlineData("# ClientDNS = $(x)", "test.conf:1: # ClientDNS: ")]
    [InlineData("# ClientAllowedIPs = 10.8.0.0/99", "test.conf:1: # ClientAllowedIPs: ")]
    [InlineData("# ClientMTU = big", "test.conf:1: # ClientMTU: ")]
    [InlineData("# ClientKeepalive = often", "test.conf:1: # ClientKeepalive: ")]
    public void SaysWhichCommentIsWrong(string comment, string place)
    {
        Replace($"[Interface]\n{comment}\nAddress = 10.8.0.1/24\n");

        Assert.StartsWith(place, Assert.Throws<ConfigException>(() => _hub.SettingsFor(new ClientSettings(), 51820)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFileThatStockRefuses()
    {
        Assert.Throws<ConfigException>(() => Parse("[Interface]\nPrivateKey = short\n"));
        Assert.Throws<ConfigException>(() => Parse("[Peer]\n"));
        Assert.Throws<ConfigException>(() => Parse(""));
    }

    [Fact]
    public void ANameWithControlCharactersIsShownWithoutThem()
    {
        Replace($"[Interface]\n[Peer]\n# Name = red\e[31m\nPublicKey = {KeyA}\n");

        Assert.Equal("red?[31m", _hub.NameOf(0));
    }

    private NewHub New() => new()
    {
        PrivateKey = _key,
        ListenPort = 51820,
        Addresses = FreeAddressTests.Addresses("10.8.0.1/24, fd00:8::1/64"),
        Mtu = 1400,
        Settings = new ClientSettings
        {
            Endpoint = "vpn.example.com:51820",
            AllowedIps = AllowedIpsExpression.Parse("192.168.88.0/24"),
            Dns = "10.8.0.1",
            Mtu = 1300,
            PersistentKeepaliveSeconds = 15,
        },
    };

    private HubPeer Phone(string name) => new()
    {
        Name = name,
        PublicKey = Key(KeyA),
        PresharedKey = _presharedKey,
        Addresses = FreeAddressTests.Addresses("10.8.0.2/24, fd00:8::2/64"),
    };

    private PublicKey HubKey() => _key.DerivePublicKey();

    private string Strip() => QuickConf.Parse(_hub.Document, null).Strip();

    private void Reread() => Replace(_hub.Document.ToString());

    private void Replace(string text)
    {
        _hub.Dispose();
        _hub = Parse(text);
    }

    private static HubConf Parse(string text) => HubConf.Parse(text, "test.conf", new WgConfOptions());

    private static PublicKey Key(string text)
    {
        byte[] bytes = new byte[PublicKey.Length];
        Assert.True(KeyText.TryParseBase64(text, bytes), text);
        return new PublicKey(bytes);
    }

    private static IpPrefix Prefix(string text)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix), text);
        return prefix;
    }
}
