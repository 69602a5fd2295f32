using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config;

public sealed class ConfigDiffTests
{
    private const string A = "[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n";
    private const string B = "[Peer]\nPublicKey = TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=\n";
    private const string C = "[Peer]\nPublicKey = gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA=\n";
    private const string Secret = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string Other = "/UwcSPg38hW/D9Y3tcS1FOV0K1wuURMbS0sesJEP5ak=";

    [Theory]
    [InlineData("", "", "")]
    [InlineData(A, A, "")]
    [InlineData(A + B, B + A, "")]
    [InlineData("", A, "A")]
    [InlineData(A + B + C, B, "-A -C")]
    [InlineData(A + B, C + B + "PersistentKeepalive = 5", "-A C B keepalive=5")]
    [InlineData(A + "PersistentKeepalive = 5", A, "A keepalive=0")]
    [InlineData(A + $"PresharedKey = {Secret}", A + $"PresharedKey = {Secret}", "")]
    [InlineData(A + $"PresharedKey = {Secret}", A + $"PresharedKey = {Other}", "A psk")]
    [InlineData(A + $"PresharedKey = {Secret}", A, "A no-psk")]
    [InlineData(A + "Endpoint = 1.2.3.4:5", A, "")]
    [InlineData(A + "Endpoint = 1.2.3.4:5", A + "Endpoint = 1.2.3.4:6", "A endpoint=1.2.3.4:6")]
    [InlineData(A + "Endpoint = 1.2.3.4:5", A + "Endpoint = name:6", "")]
    [InlineData(A + "AllowedIPs = 10.0.0.0/8", A + "AllowedIPs = 10.0.0.0/8, ::/0", "A +::/0")]
    [InlineData(A + "AllowedIPs = 10.0.0.0/8, ::/0", A + "AllowedIPs = ::/0", "A = +::/0")]
    [InlineData(A + "AllowedIPs = 10.0.0.0/8", A, "A =")]
    [InlineData(A + "AllowedIPs = 10.0.0.0/8\n" + B, A + B + "AllowedIPs = 10.0.0.0/8", "B +10.0.0.0/8")]
    [InlineData(A + "AllowedIPs = ::/0\n" + B + "AllowedIPs = 1.0.0.0/8", A + "AllowedIPs = 1.0.0.0/8\n" + B + "AllowedIPs = ::/0", "A +1.0.0.0/8 B +::/0")]
    [InlineData(A + "AllowedIPs = ::/0\n" + B, A + "AllowedIPs = ::/0\n" + B + "AllowedIPs = ::/0", "B +::/0")]
    [InlineData(A + "AllowedIPs = ::/0", A + "AllowedIPs = +1.0.0.0/8", "A +1.0.0.0/8")]
    [InlineData(A + "AllowedIPs = ::/0", A + "AllowedIPs = -::/0", "A =")]
    [InlineData("[Interface]\nListenPort = 5", "[Interface]\nListenPort = 6\nFwMark = 1", "port=6 mark=1")]
    [InlineData("[Interface]\nListenPort = 5\nFwMark = 1", "", "mark=0")]
    [InlineData("[Interface]\nPrivateKey = " + Secret, "[Interface]\nPrivateKey = " + Secret, "")]
    [InlineData("[Interface]\nPrivateKey = " + Secret, "", "no-key")]
    [InlineData("", "[Interface]\nPrivateKey = " + Secret, "key")]
    public void ChangesWhatDiffersOnly(string before, string wanted, string change)
    {
        using WgConf from = Parse(before), to = Parse(wanted);

        DeviceChange difference = ConfigDiff.Between(from, to, new ConfigDiffRules());

        Assert.Equal(change, Describe(difference));
        Assert.Equal(change.Length == 0, ConfigDiff.IsEmpty(difference));
    }

    [Fact]
    public void RulesSayWhatSilenceMeans()
    {
        using WgConf from = Parse("[Interface]\nListenPort = 5\nFwMark = 1"), to = Parse("");

        Assert.Equal("port=0", Describe(ConfigDiff.Between(from, to, new ConfigDiffRules { KeepFwMark = true, KeepListenPort = false })));
    }

    [Fact]
    public void SingleAddressesAreTakenAwayWhereThatIsKnown()
    {
        using WgConf from = Parse(A + "AllowedIPs = 10.0.0.0/8, ::/0"), to = Parse(A + "AllowedIPs = ::/0, 1.0.0.0/8");

        Assert.Equal(
            "A -10.0.0.0/8 +1.0.0.0/8",
            Describe(ConfigDiff.Between(from, to, new ConfigDiffRules { RemoveSingleAllowedIps = true })));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnyDeviceBecomesWhatAnyFileSays(bool removesSingle)
    {
        var rules = new ConfigDiffRules { RemoveSingleAllowedIps = removesSingle };
        for (int seed = 0; seed < 300; seed++)
        {
            byte[] file = new ConfTextSource(seed, hasSigns: true).NextFile(isValid: true);
            using WgConf conf = WgConf.Parse(file, StockWg.Options());
            using DeviceSnapshot running = StockSocketTests.RandomDevice(new Random(seed), conf);
            DeviceModel wanted = DeviceModel.From(running);
            wanted.Sync(conf, rules);

            DeviceModel changed = DeviceModel.From(running);
            Apply(changed, ConfigDiff.Between(running, conf, rules), conf);

            Assert.True(Describe(wanted) == Describe(changed), $"seed {seed}\nwanted {Describe(wanted)}\ngot {Describe(changed)}");
            Assert.Equal(Describe(ConfigDiff.Between(running, conf, rules)), Describe(ConfigDiff.Between(running, conf, rules)));
        }
    }

    /// <summary>Applies the peers' addresses of a change to a copy of the device, as a daemon would.</summary>
    private static void Apply(DeviceModel device, DeviceChange change, WgConf conf)
    {
        var owners = new Dictionary<IpPrefix, string>();
        foreach (PeerModel peer in device.Peers)
        {
            foreach (IpPrefix prefix in peer.AllowedIps)
            {
                owners[prefix] = peer.PublicKey.ToString();
            }
        }

        foreach (PeerChange peer in change.Peers)
        {
            string key = peer.PublicKey.ToString();
            foreach (IpPrefix prefix in peer.Remove || peer.ReplaceAllowedIps ? owners.Keys.Where(prefix => owners[prefix] == key).ToArray() : [])
            {
                owners.Remove(prefix);
            }

            foreach (AllowedIpChange allowedIp in peer.AllowedIps)
            {
                if (!allowedIp.Remove)
                {
                    owners[allowedIp.Prefix] = key;
                }
                else if (owners.GetValueOrDefault(allowedIp.Prefix) == key)
                {
                    owners.Remove(allowedIp.Prefix);
                }
            }
        }

        device.Sync(conf, new ConfigDiffRules());
        foreach (PeerModel peer in device.Peers)
        {
            peer.AllowedIps.Clear();
            peer.AllowedIps.AddRange(owners.Keys.Where(prefix => owners[prefix] == peer.PublicKey.ToString()));
        }
    }

    private static string Describe(DeviceModel device) => string.Join('\n', device.Peers.Select(static peer =>
        $"{peer.PublicKey} {string.Join(' ', peer.AllowedIps.Select(static prefix => prefix.ToString()).Order(StringComparer.Ordinal))}"));

    private static string Describe(DeviceChange change)
    {
        List<string> words = [];
        Add(words, change.PrivateKey is null ? null : change.PrivateKey.IsZero ? "no-key" : "key");
        Add(words, change.ListenPort is { } port ? $"port={port}" : null);
        Add(words, change.FwMark is { } mark ? $"mark={mark}" : null);
        foreach (PeerChange peer in change.Peers)
        {
            string key = peer.PublicKey.ToString();
            string name = A.Contains(key, StringComparison.Ordinal) ? "A" : B.Contains(key, StringComparison.Ordinal) ? "B"
                : C.Contains(key, StringComparison.Ordinal) ? "C" : key;
            words.Add((peer.Remove ? "-" : "") + name);
            Add(words, peer.PresharedKey is null ? null : peer.PresharedKey.IsZero ? "no-psk" : "psk");
            Add(words, peer.Endpoint is { } endpoint ? $"endpoint={endpoint}" : null);
            Add(words, peer.PersistentKeepaliveSeconds is { } seconds ? $"keepalive={seconds}" : null);
            Add(words, peer.ReplaceAllowedIps ? "=" : null);
            words.AddRange(peer.AllowedIps.Select(static allowedIp => $"{(allowedIp.Remove ? "-" : "+")}{allowedIp.Prefix}"));
        }

        return string.Join(' ', words);
    }

    private static void Add(List<string> words, string? word)
    {
        if (word is not null)
        {
            words.Add(word);
        }
    }

    private static WgConf Parse(string text) => WgConf.Parse(text, new WgConfOptions());
}
