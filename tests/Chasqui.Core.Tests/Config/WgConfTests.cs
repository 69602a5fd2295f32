using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config;

public sealed class WgConfTests
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private const string Secret = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Peer = $"[Peer]\nPublicKey = {Key}\n";

    [Fact]
    public void ReadsAWholeFile()
    {
        using WgConf conf = Parse($"""
            # comment
            [ INTERFACE ]
            private key = {Secret} # why
            LISTENPORT=51820
            F w M a r k = 0xCA6C
            [peer]
            PublicKey = {Key}
            PresharedKey = {Secret}
            AllowedIPs = 10.0.0.0/8 , fd00::/64
            AllowedIPs = 1.2.3.4
            Endpoint = [fd00::1]:51820
            PersistentKeepalive = 25
            """);

        WgConfPeer peer = Assert.Single(conf.Peers);
        Assert.Equal((51820, 0xca6cu), ((int)conf.ListenPort!, (uint)conf.FwMark!));
        Assert.Equal(Secret, KeyText.ToBase64(conf.PrivateKey!.DangerousSpan));
        Assert.Equal(Key, peer.PublicKey.ToString());
        Assert.Equal(Secret, KeyText.ToBase64(peer.PresharedKey!.DangerousSpan));
        Assert.Equal(["10.0.0.0/8", "fd00::/64", "1.2.3.4/32"], peer.AllowedIps.Select(static change => change.Prefix.ToString()));
        Assert.Equal("[fd00::1]:51820", peer.ResolvedEndpoint.ToString());
        Assert.Equal((25, 6, true), ((int)peer.PersistentKeepaliveSeconds!, peer.Line, peer.ReplaceAllowedIps));
        Assert.Empty(conf.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n# nothing\n")]
    [InlineData("[Interface]")]
    [InlineData("[Interface]\n[Interface]\nListenPort = 1\nListenPort = 2")]
    [InlineData("[Interface]\r\nListenPort = 1\r\n")]
    [InlineData("[Interface]\0 garbage\nListenPort = 1\0x")]
    public void TakesWhatStockTakes(string text) => Parse(text).Dispose();

    [Theory]
    [InlineData("ListenPort = 0", 0)]
    [InlineData("ListenPort = 65535", 65535)]
    [InlineData("ListenPort = 080", 80)]
    [InlineData("ListenPort = +80", 80)]
    [InlineData("ListenPort = 65616", 80)]
    [InlineData("ListenPort = 4294967376", 80)]
    [InlineData("ListenPort = ntp", 123)]
    [InlineData("ListenPort = 1\nListenPort = 2", 2)]
    public void ReadsPorts(string line, int port)
    {
        using WgConf conf = Parse("[Interface]\n" + line);

        Assert.Equal(port, conf.ListenPort!.Value);
    }

    [Theory]
    [InlineData("off", 0u)]
    [InlineData("OFF", 0u)]
    [InlineData("0", 0u)]
    [InlineData("010", 10u)]
    [InlineData("0xfF", 255u)]
    [InlineData("4294967295", uint.MaxValue)]
    public void ReadsMarks(string value, uint mark)
    {
        using WgConf conf = Parse("[Interface]\nFwMark = " + value);

        Assert.Equal(mark, conf.FwMark);
    }

    [Theory]
    [InlineData("", true, "")]
    [InlineData("AllowedIPs = 10.0.0.0/8", true, "10.0.0.0/8")]
    [InlineData("AllowedIPs = +10.0.0.0/8", false, "10.0.0.0/8")]
    [InlineData("AllowedIPs = -10.0.0.0/8, ::/0", false, "-10.0.0.0/8 ::/0")]
    [InlineData("AllowedIPs = 10.0.0.0/8\nAllowedIPs = +::/0", false, "10.0.0.0/8 ::/0")]
    [InlineData("AllowedIPs = +10.0.0.0/8\nAllowedIPs = ::/0", true, "10.0.0.0/8 ::/0")]
    public void SignsTurnReplacingOff(string lines, bool isReplaced, string allowedIps)
    {
        using WgConf conf = Parse(Peer + lines);

        Assert.Equal(isReplaced, conf.Peers[0].ReplaceAllowedIps);
        Assert.Equal(allowedIps, string.Join(' ', conf.Peers[0].AllowedIps.Select(static change => (change.Remove ? "-" : "") + change.Prefix)));
    }

    [Fact]
    public void HostBitsAreWarnedOfAndCleared()
    {
        List<ConfigWarning> heard = [];
        using WgConf conf = WgConf.Parse(Peer + "AllowedIPs = 10.0.0.1/8", Options() with { Warn = heard.Add });

        ConfigWarning warning = Assert.Single(conf.Warnings);
        Assert.Same(warning, Assert.Single(heard));
        Assert.Equal("wg0.conf:3: AllowedIPs: `10.0.0.1/8' has bits set after its length; 10.0.0.0/8 is what counts.", warning.ToString());
        Assert.Equal("Warning: AllowedIP has nonzero host part: 10.0.0.1/8\n", Text(warning.StockOutput));
        Assert.Equal("10.0.0.0/8", conf.Peers[0].AllowedIps[0].Prefix.ToString());
    }

    [Fact]
    public void APortThatStockCutsIsWarnedOfWithoutStocksWords()
    {
        using WgConf conf = Parse("[Interface]\nListenPort = 70000");

        ConfigWarning warning = Assert.Single(conf.Warnings);
        Assert.Equal("wg0.conf:2: ListenPort: `70000' is above 65535; as in stock tools 4464 is what counts.", warning.ToString());
        Assert.True(warning.StockOutput.IsEmpty);
    }

    [Theory]
    [InlineData("ListenPort = 1", 1, "ListenPort", "the key stands before any section; put [Interface] or [Peer] above it.", "Line unrecognized: `ListenPort=1'")]
    [InlineData("[Interface]\nListenPort =", 2, "ListenPort", "the key has no value; give it one, or leave the line out.", "Line unrecognized: `ListenPort='")]
    [InlineData("[Peer]\nAllowedIPs = # none", 2, "AllowedIPs", "the key has no value; give it one, or leave the line out.", "Line unrecognized: `AllowedIPs='")]
    [InlineData("[Interface]\nAddress = 1", 2, "Address", "the key is for wg-quick, not for wg; give wg what `wg-quick strip' prints of the file.", "Line unrecognized: `Address=1'")]
    [InlineData("[Peer]\nListenPort = 1", 2, "ListenPort", "the key belongs to [Interface]; move it there.", "Line unrecognized: `ListenPort=1'")]
    [InlineData("[Interface]\n\n[ Peers ]", 3, null, "`[Peers]' is no section; there are [Interface] and [Peer].", "Line unrecognized: `[Peers]'")]
    [InlineData("[Interface]\nListenPort = x", 2, "ListenPort", "`x' is neither a port from 0 to 65535 nor the name of a UDP service.", "Servname not supported for ai_socktype: `x'")]
    [InlineData("[Interface]\nListenPort = *", 2, "ListenPort", "`*' is neither a port from 0 to 65535 nor the name of a UDP service.", "Name or service not known: `*'")]
    [InlineData("[Interface]\nFwMark = 0X1", 2, "FwMark", "`0X1' is no mark; give off, or a number from 0 to 0xffffffff.", "Fwmark is neither 0/off nor 0-0xffffffff: `0X1'")]
    [InlineData("[Peer]\nPersistentKeepalive = 65536", 2, "PersistentKeepalive", "`65536' is no interval; give off, or seconds from 0 to 65535.", "Persistent keepalive interval is neither 0/off nor 1-65535: `65536'")]
    [InlineData("[Peer]\nPublicKey = abc", 2, "PublicKey", "the value has 3 characters; a key in base64 has 44, the last one '='.", "Key is not the correct length or format: `abc'")]
    [InlineData("[Peer]\nAllowedIPs = a.b/8", 2, "AllowedIPs", "`a.b/8' has no IPv4 or IPv6 address before its length; names are not allowed here.", "Unable to parse IP address: `a.b'")]
    [InlineData("[Peer]\nAllowedIPs = -1.2.3.4/33", 2, "AllowedIPs", "`1.2.3.4/33' needs a length from 0 to 32 after the '/'.", "AllowedIP is not in the correct format: `1.2.3.4/33'")]
    [InlineData("[Peer]\nEndpoint = 1.2.3.4", 2, "Endpoint", "`1.2.3.4' has no port; give HOST:PORT.", "Unable to find port of endpoint: `1.2.3.4'")]
    [InlineData("[Peer]\nEndpoint = [::1", 2, "Endpoint", "`[::1' has no ']' after the address; give [ADDRESS]:PORT.", "Unable to find matching brace of endpoint: `[::1'")]
    public void TellsPlaceKeyAndRemedyAndStocksWords(string text, int line, string? key, string reason, string stock)
    {
        ConfigException e = Assert.Throws<ConfigException>(() => Parse(text));

        Assert.Equal(("wg0.conf", line, key, reason), (e.File, e.Line, e.Key, e.Reason));
        Assert.Equal($"wg0.conf:{line}: {(key is null ? "" : key + ": ")}{reason}", e.Message);
        Assert.Equal($"{stock}\nConfiguration parsing error\n", Text(e.StockOutput));
    }

    [Fact]
    public void APeerNeedsAPublicKey()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => Parse("[Interface]\n" + Peer + "[Peer]\n"));

        Assert.Equal("wg0.conf:4: PublicKey: the peer has no public key; add one.", e.Message);
        Assert.Equal("A peer is missing a public key\nInvalid configuration\n", Text(e.StockOutput));
    }

    [Fact]
    public void StocksWordsGiveBackBytesThatAreNoText()
    {
        byte[] file = [.. "[Interface]\n"u8, 0xff, 0xe9, (byte)'=', (byte)'\n'];

        ConfigException e = Assert.Throws<ConfigException>(() => WgConf.Parse(file, Options()));

        Assert.Equal([.. "Line unrecognized: `"u8, 0xff, 0xe9, .. "='\nConfiguration parsing error\n"u8], e.StockOutput.ToArray());
    }

    [Fact]
    public void NamesAreLeftForLater()
    {
        using WgConf conf = Parse(Peer + "Endpoint = vpn.example.org:ntp");
        WgConfPeer peer = conf.Peers[0];
        Assert.Equal((new ConfEndpoint("vpn.example.org:ntp", "vpn.example.org", "ntp"), null), (peer.Endpoint!.Value, peer.ResolvedEndpoint));
        Assert.Null(conf.ToSetChange().Peers[0].Endpoint);

        Assert.Same(peer, Assert.Single(conf.ResolveEndpoints(static _ => EndpointResolution.NotFound("later"))));
        Assert.True(IpEndpoint.TryParse("1.2.3.4:123", out IpEndpoint found));
        Assert.Empty(conf.ResolveEndpoints(_ => EndpointResolution.Found(found)));

        Assert.Equal(found, conf.ToSetChange().Peers[0].Endpoint);
    }

    [Fact]
    public void AServiceBesideAnAddressNeedsNoResolver()
    {
        using WgConf conf = Parse(Peer + "Endpoint = ::1:ntp");

        Assert.Equal("[::1]:123", conf.Peers[0].ResolvedEndpoint.ToString());
    }

    [Fact]
    public void NamesAreResolvedWhereTheyAreReadIfSomebodyCan()
    {
        WgConfOptions options = Options() with { Endpoints = static _ => EndpointResolution.NotFound("Name or service not known") };

        ConfigException e = Assert.Throws<ConfigException>(() => WgConf.Parse(Peer + "Endpoint = nowhere:1\nbad", options));

        Assert.Equal("Name or service not known: `nowhere:1'\nConfiguration parsing error\n", Text(e.StockOutput));
        Assert.Equal(3, e.Line);
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData("infinity", -1)]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", null)]
    [InlineData("-1", null)]
    [InlineData("1x", null)]
    public void ReadsTheNumberOfRetries(string? text, int? retries)
    {
        if (retries is not null)
        {
            Assert.Equal(retries, EndpointRetries.Parse(text));
            return;
        }

        WgConfOptions options = Options() with { ResolutionRetries = text };
        ConfigException e = Assert.Throws<ConfigException>(() => WgConf.Parse(Peer + "Endpoint = 1.2.3.4:5", options));
        Assert.Equal($"Unable to parse WG_ENDPOINT_RESOLUTION_RETRIES: `{text}'\n", Text(e.StockOutput));
    }

    [Fact]
    public void SetTurnsOffWhatIsNotSaidAddDoesNot()
    {
        using WgConf conf = Parse(Peer);

        DeviceChange set = conf.ToSetChange(), add = conf.ToAddChange();

        Assert.True(set.PrivateKey!.IsZero);
        Assert.Equal((0, 0u, true), (set.ListenPort!.Value, set.FwMark!.Value, set.ReplacePeers));
        Assert.Equal((null, null, null, false), (add.PrivateKey, add.ListenPort, add.FwMark, add.ReplacePeers));
        Assert.True(set.Peers[0].ReplaceAllowedIps);
    }

    [Fact]
    public void SyncRemovesStrangersFromTheHighestKeyDownAndWhatTheFileDoesNotSay()
    {
        using WgConf conf = Parse(Peer);
        using var old = new PresharedKey(new byte[32].Select(static (_, i) => (byte)(i + 1)).ToArray());
        using var running = new DeviceSnapshot
        {
            Peers = [Running(1, null), Running(9, null), new PeerSnapshot { PublicKey = conf.Peers[0].PublicKey, PresharedKey = old, PersistentKeepaliveSeconds = 5 }],
        };

        DeviceChange change = conf.ToSyncChange(running);

        Assert.False(change.ReplacePeers);
        Assert.Equal([(9, true), (1, true), (0xc5, false)], change.Peers.Select(static peer => ((int)peer.PublicKey[0], peer.Remove)));
        Assert.True(change.Peers[2].PresharedKey!.IsZero);
        Assert.Equal(0, change.Peers[2].PersistentKeepaliveSeconds!.Value);
    }

    [Theory]
    [InlineData("[Interface]\nPrivateKey = {0}x")]
    [InlineData("[Interface]\nPrivateKey = {0}\nPrivateKey = x{0}")]
    [InlineData("[Interface]\nPrivateKye = {0}")]
    [InlineData("[Interface]\n{0}")]
    [InlineData("{0}")]
    [InlineData("[{0}]")]
    [InlineData("[Interface]\n{0} = 1")]
    [InlineData("[Peer]\nPresharedKey = {0}=")]
    [InlineData("[Peer]\nPublicKey = {0}1")]
    public void NoMessageHoldsASecret(string format)
    {
        ConfigException e = Assert.Throws<ConfigException>(() => Parse(string.Format(null, format, Secret)));

        Assert.DoesNotContain(Secret[..12], e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[..12], e.Key ?? "", StringComparison.Ordinal);
        Assert.Contains(Secret[..12], Text(e.StockOutput), StringComparison.Ordinal);
    }

    [Fact]
    public void NoMessageDrivesATerminal()
    {
        ConfigException e = Assert.Throws<ConfigException>(() => Parse("[Interface]\nListenPort = \u001b[2J\u202e" + new string('x', 500)));

        Assert.DoesNotContain('\u001b', e.Message);
        Assert.DoesNotContain('\u202e', e.Message);
        Assert.InRange(e.Message.Length, 1, 200);
    }

    [Fact]
    public void DisposeZeroesTheSecrets()
    {
        WgConf conf = Parse($"[Interface]\nPrivateKey = {Secret}\n{Peer}PresharedKey = {Secret}");

        conf.Dispose();

        Assert.True(conf.PrivateKey!.IsZero);
        Assert.True(conf.Peers[0].PresharedKey!.IsZero);
    }

    [Theory]
    [InlineData("Endpoint = vpn.example.org:51820", "vpn.example.org:51820")]
    [InlineData("Endpoint = vpn.example.org:ntp", "vpn.example.org:123")]
    [InlineData("Endpoint = vpn.example.org:nonsense", null)]
    [InlineData("Endpoint = 192.0.2.1:5", null)]
    [InlineData("Endpoint = 192.513:5", null)]
    [InlineData("Endpoint = [2001:db8::1]:5", null)]
    [InlineData("Endpoint = [fe80::1%eth0]:5", null)]
    [InlineData("Endpoint = $(reboot).example:5", null)]
    [InlineData("", null)]
    public void NamesOfEndpointsAreAChangeOfTheirOwn(string line, string? expected)
    {
        using WgConf conf = Parse($"{Peer}{line}\n");

        DeviceChange? change = conf.ToNameChange(Options().Services);

        Assert.Equal(expected, change?.Peers[0].EndpointName.ToString());
        Assert.True(change is null || change.Peers is [{ UpdateOnly: true, Endpoint: null }]);
        Assert.Null(conf.ToAddChange().Peers[0].EndpointName);
    }

    [Fact]
    public void OfTwoSectionsOfAPeerTheLaterEndpointCounts()
    {
        using WgConf address = Parse($"{Peer}Endpoint = a.example:1\n{Peer}Endpoint = 192.0.2.1:1\n");
        using WgConf name = Parse($"{Peer}Endpoint = 192.0.2.1:1\n{Peer}Endpoint = a.example:1\n{Peer}");

        Assert.Null(address.ToNameChange(null));
        Assert.Equal("a.example:1", Assert.Single(name.ToNameChange(null)!.Peers).EndpointName.ToString());
    }

    [Fact]
    public void AnyTextIsReadOrRefused()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            string text = new ConfTextSource(seed, hasSigns: true).NextNoise();
            try
            {
                Parse(text).Dispose();
            }
            catch (ConfigException e)
            {
                Assert.True(e.Line > 0 && !e.StockOutput.IsEmpty, $"seed {seed}");
            }
        }
    }

    private static PeerSnapshot Running(byte first, PresharedKey? key)
    {
        byte[] bytes = new byte[32];
        bytes[0] = first;
        return new PeerSnapshot { PublicKey = new PublicKey(bytes), PresharedKey = key };
    }

    private static WgConfOptions Options() => new() { File = "wg0.conf", Services = static name => name == "ntp" ? 123 : null };

    private static WgConf Parse(string text) => WgConf.Parse(text, Options());

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
