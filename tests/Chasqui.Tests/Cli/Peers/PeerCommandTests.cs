using System.Text.Json;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Tests.Cli.Qr;

namespace Chasqui.Tests.Cli.Peers;

public sealed class PeerCommandTests : IDisposable
{
    private const string SomeKey = "qKZKuHYK1vCt2z9nHoCKIvzNAvqB6XwIRYOrH6BNX0A=";

    private readonly PeerScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AddWritesBothEnds()
    {
        (string output, string error) = _scene.Run("add", "phone");

        using HubConf hub = _scene.Read();
        using WgConf client = WgConf.Parse(QuickConf.Parse(output, null).Strip(), new WgConfOptions());
        WgConfPeer there = Assert.Single(client.Peers), here = Assert.Single(hub.Peers);
        Assert.Equal(_scene.PublicKey, there.PublicKey.ToString());
        Assert.Equal(client.PrivateKey!.DerivePublicKey(), here.PublicKey);
        Assert.True(there.PresharedKey!.FixedTimeEquals(here.PresharedKey!));
        Assert.False(there.PresharedKey.IsZero);
        Assert.Equal("vpn.example.com:7", there.Endpoint?.ToString());
        Assert.Equal("10.8.0.2/24", Assert.Single(QuickConf.Parse(output, null).ReadAddresses()).ToString());
        Assert.Equal("10.8.0.0/24", Assert.Single(there.AllowedIps).Prefix.ToString());
        Assert.Equal("10.8.0.2/32", Assert.Single(here.AllowedIps).Prefix.ToString());
        Assert.DoesNotContain(KeyText.ToBase64(client.PrivateKey!.DangerousSpan), _scene.Text + error, StringComparison.Ordinal);
        Assert.DoesNotContain(KeyText.ToBase64(there.PresharedKey!.DangerousSpan), error, StringComparison.Ordinal);
        Assert.Contains("PresharedKey = (hidden)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AddTakesTheNextAddressAndTheOptions()
    {
        _ = _scene.Run("add", "one");
        _ = _scene.Run("add", "three", "--address", "10.8.0.3");

        string output = _scene.Run(
            "add", "site", "--allowed-ips", "192.168.1.0/24, 192.168.2.0/24", "--client-allowed-ips", "10.8.0.0/16", "--exclude", "10.8.7.0/24",
            "--endpoint", "[2001:db8::1]", "--peer-endpoint", "site.example:51820", "--no-psk", "--keepalive", "off", "--dns", "10.8.0.1,lan", "--mtu", "1300").Output;

        Assert.Contains("Address = 10.8.0.4/24\nDNS = 10.8.0.1, lan\nMTU = 1300\n", output, StringComparison.Ordinal);
        Assert.Contains("# AllowedIPs = 10.8.0.0/16 - 10.8.7.0/24\nAllowedIPs = 10.8.0.0/22, ", output, StringComparison.Ordinal);
        Assert.Contains("Endpoint = [2001:db8::1]:51820\n".Replace("51820", Port(), StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.DoesNotContain("PresharedKey", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Keepalive", output, StringComparison.Ordinal);
        using HubConf hub = _scene.Read();
        ConfSection section = hub.SectionOf(hub.Find("site"));
        Assert.Equal("10.8.0.4/32, 192.168.1.0/24, 192.168.2.0/24", section.Get(ConfKeys.AllowedIps));
        Assert.Equal("site.example:51820", section.Get(ConfKeys.Endpoint));
        Assert.Equal("10.8.0.0/16 - 10.8.7.0/24", section.GetNote("ClientAllowedIPs"));
    }

    [Fact]
    public void AKeyFromTheDeviceStaysThere()
    {
        (string output, _) = _scene.Run("add", "phone", "--public-key", SomeKey);

        Assert.Contains($"PrivateKey = {ClientConf.KeyPlaceholder}\n", output, StringComparison.Ordinal);
        using HubConf hub = _scene.Read();
        Assert.Equal(SomeKey, Assert.Single(hub.Peers).PublicKey.ToString());
        Assert.Contains("known there only", _scene.Refuse("add", "other", "--public-key", SomeKey, "--qr"), StringComparison.Ordinal);
        Assert.Contains("known there only", _scene.Refuse("add", "other", "--public-key", SomeKey, "-o", _scene["x.png"]), StringComparison.Ordinal);
    }

    [Fact]
    public void TheQrCodeHoldsTheFile()
    {
        QrReader.SkipUnlessHere("zbarimg");
        (string output, string error) = _scene.Run("add", "phone", "--qr");
        string shown = error[error.IndexOf("\e[38", StringComparison.Ordinal)..];

        QrReader.Draw(shown, _scene["x.pgm"], 0);

        Assert.Equal(output, QrReader.Read(_scene["x.pgm"]));
    }

    [Fact]
    public void OutputGoesToAFileForTheOwnerOnly()
    {
        (string output, string error) = _scene.Run("add", "phone", "-o", _scene["phone.conf"]);

        Assert.Equal("", output);
        Assert.Contains("phone.conf is written", error, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scene["phone.conf"]));
        Assert.Contains("PrivateKey = ", File.ReadAllText(_scene["phone.conf"]), StringComparison.Ordinal);
        Assert.Contains("exists and stays as it is", _scene.Refuse("add", "other", "-o", _scene["phone.conf"]), StringComparison.Ordinal);
        File.SetUnixFileMode(_scene["phone.conf"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        _ = _scene.Run("add", "other", "-o", _scene["phone.conf"], "--force");
        Assert.Contains("# Name = other\n", File.ReadAllText(_scene["phone.conf"]), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scene["phone.conf"]));
    }

    [Fact]
    public void CommandsForOtherEnds()
    {
        string routeros = _scene.Run("add", "router", "--for", "routeros").Output;
        Assert.Contains("/interface/wireguard/add ", routeros, StringComparison.Ordinal);
        Assert.Contains($"public-key=\"{_scene.PublicKey}\"", routeros, StringComparison.Ordinal);
        string linux = _scene.Run("add", "server", "--for", "linux", "-o", "-").Output;
        Assert.Contains("ip link add", linux, StringComparison.Ordinal);
        string withoutKey = _scene.Run("add", "third", "--for", "routeros", "--public-key", SomeKey).Output;
        Assert.DoesNotContain("private-key", withoutKey, StringComparison.Ordinal);
        Assert.Contains("did you mean routeros?", _scene.Refuse("add", "x", "--for", "routeros7"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--address: `10.8.0' is no IPv4 or IPv6 address; give ADDRESS or ADDRESS/LENGTH.", "x", "--address", "10.8.0")]
    [InlineData("10.8.0.1/32 is the address of the interface itself; give another, or leave it to be chosen.", "x", "--address", "10.8.0.1")]
    [InlineData("--public-key: `abc' is no public key; give the 44 characters of base64 that the device shows.", "x", "--public-key", "abc")]
    [InlineData("--mtu: `12' is no MTU; give a number from 576 to 65535.", "x", "--mtu", "12")]
    [InlineData("--keepalive: `often' is no interval; give off, or seconds from 0 to 65535.", "x", "--keepalive", "often")]
    [InlineData("--peer-endpoint: `host' has no port; give HOST:PORT.", "x", "--peer-endpoint", "host")]
    [InlineData("--exclude leaves no address for the tunnel; exclude less.", "x", "--exclude", "all")]
    [InlineData("--no-psk and --psk-file exclude each other; leave one out.", "x", "--no-psk", "--psk-file", "/dev/null")]
    [InlineData("--psk-file: `/dev/null' is empty; `chasqui genpsk' makes a key, and --no-psk does without.", "x", "--psk-file", "/dev/null")]
    [InlineData("--psk-file: `/nonexistent' cannot be opened: No such file or directory.", "x", "--psk-file", "/nonexistent")]
    [InlineData("--output: `x.jpg' is neither text nor a picture that is known; end it with .conf, .png or .svg.", "x", "-o", "x.jpg")]
    [InlineData("a QR code holds a file for the apps, and no commands; leave out --for or the picture.", "x", "--for", "linux", "--qr")]
    [InlineData("there is no option `--adress'; did you mean --address?", "x", "--adress", "10.8.0.9")]
    [InlineData("NAME is missing; usage: chasqui peer add IFNAME NAME [OPTIONS]")]
    [InlineData("`two?lines' is no name; a name has 1 to 128 characters and no control characters.", "two\nlines")]
    public void AddRefusesWithOneSentence(string sentence, params string[] arguments) => Assert.Equal(sentence, _scene.Refuse("add", arguments));

    [Fact]
    public void AddRefusesWhenTheFileCannotBeWritten()
    {
        string sentence = _scene.Refuse("add", "phone", "-o", _scene["nowhere/phone.conf"]);

        Assert.Contains("write the client's file", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePresharedKeyMayComeFromAFile()
    {
        string key = KeyText.ToBase64([.. Enumerable.Range(1, 32).Select(static i => (byte)i)]);
        File.WriteAllText(_scene["psk"], key + "\n");

        Assert.Contains($"PresharedKey = {key}\n", _scene.Run("add", "phone", "--psk-file", _scene["psk"]).Output, StringComparison.Ordinal);
        File.WriteAllText(_scene["psk"], "nonsense");
        Assert.DoesNotContain("nonsense", _scene.Refuse("add", "other", "--psk-file", _scene["psk"]), StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveAndRenameFindPeersByNameAndKey()
    {
        string before = _scene.Text;
        _ = _scene.Run("add", "phone", "--public-key", SomeKey);

        _ = _scene.Run("rename", "qKZK", "tablet");
        Assert.Contains("# Name = tablet\n", _scene.Text, StringComparison.Ordinal);
        Assert.Contains("has no peer `phone'", _scene.Refuse("remove", "phone"), StringComparison.Ordinal);
        Assert.Contains("is no name", _scene.Refuse("rename", "tablet", "a\nPostUp = x"), StringComparison.Ordinal);

        _ = _scene.Run("remove", "tablet");
        Assert.Equal(before, _scene.Text);
    }

    [Fact]
    public void RotateKeepsNameAddressAndWhatTheClientWasTold()
    {
        string first = _scene.Run("add", "phone", "--dns", "9.9.9.9", "--exclude", "private", "--mtu", "1300").Output;

        string second = _scene.Run("rotate", "phone").Output;

        Assert.Equal(WithoutKeys(first), WithoutKeys(second));
        Assert.NotEqual(Value(first, "PrivateKey"), Value(second, "PrivateKey"));
        Assert.NotEqual(Value(first, "PresharedKey"), Value(second, "PresharedKey"));
        using HubConf hub = _scene.Read();
        Assert.Equal(Value(second, "PresharedKey"), hub.SectionOf(0).Get(ConfKeys.PresharedKey));
        Assert.Single(hub.Peers);
    }

    [Fact]
    public void RotateMayKeepTheKeyOrTakeOneFromTheDevice()
    {
        _ = _scene.Run("add", "phone", "--no-psk");

        string output = _scene.Run("rotate", "phone", "--public-key", SomeKey).Output;
        Assert.Contains(ClientConf.KeyPlaceholder, output, StringComparison.Ordinal);
        Assert.DoesNotContain("PresharedKey", output, StringComparison.Ordinal); // it had none
        output = _scene.Run("rotate", "phone", "--psk-only").Output;
        Assert.Contains("PresharedKey = ", output, StringComparison.Ordinal);
        using HubConf hub = _scene.Read();
        Assert.Equal(SomeKey, Assert.Single(hub.Peers).PublicKey.ToString());
        Assert.Contains("leave one out", _scene.Refuse("rotate", "phone", "--psk-only", "--public-key", SomeKey), StringComparison.Ordinal);
    }

    [Fact]
    public void ListShowsNamesAddressesAndKeysButNoSecrets()
    {
        _ = _scene.Run("add", "phone", "--public-key", SomeKey);
        _ = _scene.Run("add", "niño 😀", "--peer-endpoint", "site.example:9");

        string table = _scene.Run("list").Output;

        string[] lines = table.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("NAME ", lines[0], StringComparison.Ordinal);
        Assert.Matches($"^phone +10\\.8\\.0\\.2/32 +- +- +- +- +{System.Text.RegularExpressions.Regex.Escape(SomeKey)}$", lines[1]);
        Assert.Matches("^niño 😀 +10\\.8\\.0\\.3/32 +site\\.example:9 ", lines[2]);
        using HubConf hub = _scene.Read();
        Assert.DoesNotContain(KeyText.ToBase64(hub.PrivateKey!.DangerousSpan), table, StringComparison.Ordinal);
    }

    [Fact]
    public void ListWritesJson()
    {
        _ = _scene.Run("add", "phone", "--public-key", SomeKey);

        using JsonDocument json = JsonDocument.Parse(_scene.Run("list", "--json").Output);

        JsonElement root = json.RootElement, peer = Assert.Single(root.GetProperty("peers").EnumerateArray());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(PeerScene.Name, root.GetProperty("interface").GetString());
        Assert.Equal(_scene.PublicKey, root.GetProperty("publicKey").GetString());
        Assert.False(root.GetProperty("isRunning").GetBoolean());
        Assert.Equal("phone", peer.GetProperty("name").GetString());
        Assert.Equal(SomeKey, peer.GetProperty("publicKey").GetString());
        Assert.True(peer.GetProperty("hasPresharedKey").GetBoolean());
        Assert.Equal("10.8.0.2/32", Assert.Single(peer.GetProperty("allowedIps").EnumerateArray()).GetString());
        Assert.True(peer.GetProperty("isInFile").GetBoolean());
        Assert.False(peer.TryGetProperty("latestHandshake", out _));
    }

    [Theory]
    [InlineData("ad", "peer has no command `ad'; did you mean add?")]
    [InlineData("zap", "peer has no command `zap'; there are add, list, remove, rename and rotate.")]
    public void AnUnknownVerbIsSaid(string verb, string sentence)
    {
        TestTerminal terminal = new();

        Assert.Equal(1, terminal.Run("chasqui", "peer", verb));
        Assert.Equal($"chasqui: {sentence}\n", terminal.Error);
    }

    [Fact]
    public void HelpIsShown()
    {
        TestTerminal terminal = new();

        Assert.Equal(0, terminal.Run("chasqui", "peer", "--help"));
        Assert.Contains("rotate IFNAME NAME|KEY", terminal.Output, StringComparison.Ordinal);
        Assert.Equal(1, terminal.Run("chasqui", "peer"));
    }

    private string Port()
    {
        using HubConf hub = _scene.Read();
        return hub.ListenPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string? Value(string conf, string key) =>
        ConfDocument.Parse(conf).Sections.Select(section => section.Get(key)).FirstOrDefault(static value => value is not null);

    private static string WithoutKeys(string conf) =>
        string.Join('\n', conf.Split('\n').Where(static line => !line.StartsWith("PrivateKey", StringComparison.Ordinal) && !line.StartsWith("PresharedKey", StringComparison.Ordinal)));
}
