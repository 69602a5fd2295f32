using System.Diagnostics;
using System.Text;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Configurations of a size that splits requests and answers into many pieces, written and read by the stock tool.</summary>
public sealed class UapiScaleTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Daemons))]
    public void HoldsAHundredThousandAllowedIpsOfAPeer(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var wg = new Wg(daemon.Interface);
        var peer = WgKey.Random();
        var configuration = new StringBuilder($"[Interface]\nPrivateKey = {WgKey.Generate().Private}\n[Peer]\nPublicKey = {peer}\n");
        var expected = new HashSet<string>();
        for (var i = 256; i < 65536; i++)
        {
            var (v4, v6) = ($"{i / 256}.{i % 256}.0.0/16", $"{i / 256:x}::{i % 256 + 1:x}/128");
            configuration.Append("AllowedIPs = ").Append(v4).Append(", ").Append(v6).Append('\n');
            expected.Add(v4);
            expected.Add(v6);
        }

        var clock = Stopwatch.StartNew();
        wg.SetConf(configuration.ToString());
        var set = clock.ElapsedMilliseconds;
        var answered = wg.AllowedIps(peer);

        Figure($"{expected.Count} allowed IPs: set in {set} ms, read in {clock.ElapsedMilliseconds - set} ms");
        Assert.Equal(expected.Count, answered.Length);
        Assert.True(expected.SetEquals(answered), "the answer differs from what was set");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void HoldsFortyPeersOfFiftyTwoAllowedIps(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var wg = new Wg(daemon.Interface);
        var configuration = new StringBuilder($"[Interface]\nPrivateKey = {WgKey.Generate().Private}\n");
        for (var a = 1; a <= 40; a++)
        {
            configuration.Append("[Peer]\nPublicKey = ").Append(WgKey.Random()).Append('\n');
            configuration.AppendJoin("", Enumerable.Range(1, 52).Select(b => $"AllowedIPs = {a}.{b}.0.0/16\n"));
        }

        wg.SetConf(configuration.ToString());

        var lines = wg.Show("allowed-ips").Lines;
        Assert.Equal(40, lines.Length);
        Assert.All(lines, line => Assert.Equal(52, line.Split('\t')[1].Split(' ').Length));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ShowsThePeerWithAddressesAfterManyWithout(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var wg = new Wg(daemon.Interface);
        var configuration = new StringBuilder();
        for (var i = 0; i < 29; i++)
        {
            configuration.Append("[Peer]\nPublicKey = ").Append(WgKey.Random()).Append('\n');
        }

        configuration.Append("[Peer]\nPublicKey = ").Append(WgKey.Random()).Append("\nAllowedIPs = 255.2.3.4/32, abcd::255/128\n");
        wg.SetConf(configuration.ToString());

        var shown = wg.ShowConf();
        Assert.Equal(30, shown.Split("[Peer]").Length - 1);
        Assert.Contains("255.2.3.4/32", shown, StringComparison.Ordinal);
        Assert.Contains("abcd::255/128", shown, StringComparison.Ordinal);
    }
}
