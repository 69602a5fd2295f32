using System.Text.Json;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Our <c>show</c> and <c>showconf</c> against Debian's <c>wg</c>: the same sockets and words give the same bytes and exit code.</summary>
public sealed class WgToolDifferentialTests : SystemTest
{
    private static readonly string[] Fields =
    [
        "public-key", "private-key", "listen-port", "fwmark", "peers", "preshared-keys", "endpoints", "allowed-ips", "latest-handshakes",
        "transfer", "persistent-keepalive", "dump",
    ];

    [Fact]
    public void ShowsEveryStateAsStockDoes()
    {
        var twins = Own(new WgTwins());
        foreach (var (name, answer) in CannedStates.All)
        {
            twins.Serve(name, answer);
            twins.AssertSame(
            [
                $"wg show {name}", $"WG_COLOR_MODE=always wg show {name}", $"WG_COLOR_MODE=never WG_HIDE_KEYS=never wg show {name}",
                $"wg showconf {name}", .. Fields.Select(field => $"wg show {name} {field}"),
            ]);
        }

        Figure($"{twins.Compared} commands compared");
        Assert.True(twins.Compared >= 600, $"only {twins.Compared} commands were compared");
    }

    [Fact]
    public void ColoursOnATerminalAsStockDoes()
    {
        Programs.RequireTool("script");
        var twins = Own(new WgTwins());
        twins.Serve("peers", CannedStates.All["peers"]);

        var shown = twins.AssertSame(
        [
            "script -qec '\"$WG\" show peers' /dev/null", "script -qec 'WG_COLOR_MODE=never \"$WG\" show peers' /dev/null",
            "script -qec '\"$WG\" show peers dump' /dev/null", "script -qec '\"$WG\"' /dev/null",
        ]);

        Assert.Contains("\e[33m", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowsAllInterfacesAsStockDoes()
    {
        var twins = Own(new WgTwins());
        string[] lines =
        [
            "wg", "wg show", "wg show all", "wg show interfaces", "WG_COLOR_MODE=always wg", .. Fields.Select(field => $"wg show all {field}"),
            "wg show all nonsense", "wg show all ''",
        ];
        twins.AssertSame(lines);
        foreach (var name in (string[])["peers", "empty", "errno5", "endpoints", "abcdefghijklmnopqrstuvwxyz", "bare", "cut", "ages"])
        {
            twins.Serve(name, CannedStates.All.GetValueOrDefault(name, CannedStates.All["keyed"]));
            twins.AssertSame(lines);
        }

        Figure($"{twins.Compared} commands compared");
    }

    [Fact]
    public void IsWrongAsStockIs()
    {
        var twins = Own(new WgTwins());
        twins.Serve("wg0", CannedStates.All["peers"]);
        File.WriteAllText(twins.SocketOf("file"), "");

        twins.AssertSame(
        [
            "wg show wg1", "wg show wg1 peers", "wg show wg1 nonsense", "wg show wg0 nonsense", "wg show wg0 ''", "wg show wg0 PEERS",
            "wg show ''", "wg show a/b", "wg show ../wg0", "wg show file", "wg show .", "wg show lo", "wg show wg0 peers x", "wg show interfaces x",
            "wg show -h", "wg show --help", "wg show help", "wg show help x", "wg show -h x", "wg show --nonsense", "wg show all all all",
            "wg showconf", "wg showconf --help", "wg showconf wg1", "wg showconf wg0 x", "wg showconf ''", "wg help", "wg --help", "wg -h",
            "wg help x", "wg -h x", "wg -v", "wg --version", "wg version", "wg version x", "wg nonsense", "wg ''", "wg Show", "wg wg0", "wg set",
            "wg set wg0", "wg set --help", "wg setconf", "wg setconf wg0", "wg addconf --help", "wg syncconf", "wg syncconf a b c", "wg addconf a b c",
            "wg genkey x", "wg genkey --help", "wg genpsk --help", "wg pubkey --help",
        ]);
        Assert.Equal("", File.ReadAllText(twins.SocketOf("file")));
    }

    [Fact]
    public void MakesPublicKeysAsStockDoes()
    {
        const string key = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
        var twins = Own(new WgTwins());

        twins.AssertSame(
        [
            $"echo {key} | wg pubkey", $"printf %s {key} | wg pubkey", $"printf '{key}\\r\\n \\t\\v\\f\\n' | wg pubkey", $"printf '{key}\\0\\0' | wg pubkey",
            $"echo {key}x | wg pubkey", $"echo '{key} x' | wg pubkey", $"echo ' {key}' | wg pubkey", "echo | wg pubkey", "wg pubkey", "echo x | wg pubkey",
            $"echo {key[..43]}x | wg pubkey", $"echo {key[..42]}l= | wg pubkey", $"echo '{key[..20]}-{key[21..]}' | wg pubkey",
            "echo AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | wg pubkey", "echo //////////////////////////////////////////8= | wg pubkey",
            "wg genkey | wc -c", "wg genpsk | wc -c", "umask 022; rm -f \"$D/k\"; wg genkey >\"$D/k\"; wc -c <\"$D/k\"",
            "umask 077; rm -f \"$D/k\"; wg genkey >\"$D/k\"; wc -c <\"$D/k\"", "wg genpsk >/dev/null",
        ]);
    }

    [Theory]
    [InlineData(Implementation.Chasqui)]
    [InlineData(Implementation.WireguardGo)]
    public void ShowsRealTunnelsAsStockDoes(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation, presharedKey: WgKey.Random()));

        // wireguard-go tells its peers in another order each time, so it has one.
        var second = implementation == Implementation.WireguardGo ? "" : $"peer {WgKey.Random()} allowed-ips 10.0.0.0/8,fd00::/16 endpoint [::1]:5";
        tunnel.A.Wg.Set($"fwmark 0x55 peer {tunnel.B.Key.Public} persistent-keepalive 25 {second}");
        var twins = Own(new WgTwins());
        twins.Link(tunnel.A.Daemon);
        twins.Link(tunnel.B.Daemon);

        var shown = twins.AssertSame(
        [
            "wg", "wg show interfaces", .. Fields.Select(field => $"wg show all {field}"),
            .. ((string[])[tunnel.A.Interface, tunnel.B.Interface]).SelectMany(name => (string[])
            [
                $"wg show {name}", $"WG_COLOR_MODE=always WG_HIDE_KEYS=never wg show {name}", $"wg showconf {name}",
                .. Fields.Select(field => $"wg show {name} {field}"),
            ]),
        ]);

        Assert.Contains("latest handshake", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("exit 1", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void RemovesASocketThatNobodyServesAsStockDoes()
    {
        var twins = Own(new WgTwins());
        foreach (var line in (string[])["wg show interfaces", "wg show stale", "wg showconf stale", "wg set stale fwmark 0"])
        {
            twins.AssertSame([line], () =>
            {
                var isLeft = File.Exists(twins.SocketOf("stale"));
                LeaveStale(twins.SocketOf("stale"));
                return isLeft.ToString();
            });
        }

        LeaveStale(twins.SocketOf("stale"));
        twins.RunOurs("wg show");
        Assert.False(File.Exists(twins.SocketOf("stale")));
    }

    [Fact]
    public void WritesJsonThatReadersTake()
    {
        var twins = Own(new WgTwins());
        foreach (var name in (string[])["peers", "endpoints", "ages"])
        {
            twins.Serve(name, CannedStates.All[name]);
        }

        foreach (var words in (string[])["", "all", "interfaces", "peers", "all dump", "endpoints endpoints", .. Fields.Select(field => $"peers {field}")])
        {
            var output = twins.RunOurs($"wg show {words} --json");
            using var document = JsonDocument.Parse(output[output.IndexOf('{')..(output.LastIndexOf('}') + 1)]);

            Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
            Assert.NotEqual(0, document.RootElement.GetProperty("interfaces").GetArrayLength());
            Assert.EndsWith("exit 0\n", output, StringComparison.Ordinal);
        }
    }

    /// <summary>A second name of a socket stays when the socket is closed and takes its own name away.</summary>
    private static void LeaveStale(string path)
    {
        File.Delete(path);
        using var daemon = new CannedDaemon(path + ".x", "");
        Command.Run($"ln {path}.x {path}");
    }
}
