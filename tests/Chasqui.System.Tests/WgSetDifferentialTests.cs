using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>
/// Our <c>set</c>, <c>setconf</c>, <c>addconf</c> and <c>syncconf</c> against Debian's <c>wg</c>: the same words and files are sent as the
/// same lines, or refused with the same bytes and exit code.
/// </summary>
public sealed class WgSetDifferentialTests : SystemTest
{
    private const string KeyA = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private const string KeyB = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    /// <summary>Words of <c>wg set wg0</c>; PEER stands for a peer's beginning.</summary>
    private static readonly string[] Words =
    [
        "", "''", "nonsense", "peer", "listen-port", "fwmark", "private-key", "LISTEN-PORT 1", "remove", "endpoint 1.2.3.4:5", "allowed-ips 10.0.0.0/8",
        "preshared-key \"$D/key\"", "persistent-keepalive 5",
        "listen-port 0", "listen-port 51820", "listen-port 65535", "listen-port 65536", "listen-port 70000", "listen-port 4294967296",
        "listen-port -1", "listen-port ''", "listen-port ' 5'", "listen-port '5 '", "listen-port 0x10", "listen-port 010", "listen-port http",
        "listen-port domain", "listen-port ntp", "listen-port nonsense", "listen-port '*'", "listen-port +5", "listen-port 1 listen-port 2",
        "fwmark 0", "fwmark off", "fwmark OFF", "fwmark 1", "fwmark 0x1", "fwmark 0X1", "fwmark 0xffffffff", "fwmark 4294967295", "fwmark 4294967296",
        "fwmark 0x100000000", "fwmark 0x", "fwmark -1", "fwmark ''", "fwmark 01", "fwmark '1 '", "fwmark 1x", "fwmark 99999999999999999999",
        "fwmark 18446744073709551616", "fwmark ffff", "fwmark 0x1 listen-port 5",
        "private-key \"$D/key\"", "private-key \"$D/noline\"", "private-key \"$D/blank\"", "private-key \"$D/empty\"", "private-key /dev/null",
        "private-key \"$D/short\"", "private-key \"$D/long\"", "private-key \"$D/bad\"", "private-key \"$D/none\"", "private-key \"$D\"", "private-key ''",
        "private-key \"$D/key/x\"", "private-key \"$D/zero\"", "private-key \"$D/key\" private-key /dev/null",
        "peer nonsense", "peer ''", $"peer {KeyA}x", $"peer {KeyA[..43]}", "PEER", "PEER PEER", "PEER remove", "PEER remove remove",
        "PEER remove allowed-ips 10.0.0.0/8 endpoint 1.2.3.4:5", "PEER listen-port 5", "PEER fwmark 5", "PEER private-key /dev/null", "PEER peer",
        "PEER nonsense", "PEER endpoint", "PEER preshared-key \"$D/key\"", "PEER preshared-key /dev/null", "PEER preshared-key \"$D/short\"",
        "PEER preshared-key \"$D/none\"",
        "PEER endpoint 1.2.3.4:5", "PEER endpoint 1.2.3.4:0", "PEER endpoint 1.2.3.4:65536", "PEER endpoint 1.2.3.4", "PEER endpoint 1.2.3.4:",
        "PEER endpoint :5", "PEER endpoint :", "PEER endpoint ''", "PEER endpoint [::1]:5", "PEER endpoint [::1]", "PEER endpoint [::1", "PEER endpoint [::1]5",
        "PEER endpoint [::1]:", "PEER endpoint ::1:5", "PEER endpoint []:5", "PEER endpoint [1.2.3.4]:5", "PEER endpoint 1.2:5", "PEER endpoint 0x7f.1:5",
        "PEER endpoint 010.1.1.1:5", "PEER endpoint 1.2.3.4.5:5", "PEER endpoint 256.1.1.1:5", "PEER endpoint 1.2.3.4:http", "PEER endpoint 1.2.3.4:domain",
        "PEER endpoint localhost:5", "PEER endpoint LOCALHOST:domain", "PEER endpoint nonsense:nonsense", "PEER endpoint nonsense.invalid:5",
        "PEER endpoint 1.2.3.4:5 endpoint [::2]:6", "PEER endpoint ' 1.2.3.4:5'", "PEER endpoint '1.2.3.4:5 '", "PEER endpoint '1.2.3.4 :5'",
        "PEER endpoint [fe80::1%nonsense]:5", "PEER endpoint 1.2.3.4:-1", "PEER endpoint [::ffff:1.2.3.4]:5", "PEER endpoint [1::2::3]:5",
        "PEER persistent-keepalive 0", "PEER persistent-keepalive off", "PEER persistent-keepalive Off", "PEER persistent-keepalive 25",
        "PEER persistent-keepalive 65535", "PEER persistent-keepalive 65536", "PEER persistent-keepalive -1", "PEER persistent-keepalive ''",
        "PEER persistent-keepalive 1x", "PEER persistent-keepalive 0x10", "PEER persistent-keepalive 010",
        "PEER allowed-ips ''", "PEER allowed-ips ' '", "PEER allowed-ips 10.0.0.0/8", "PEER allowed-ips 10.0.0.1", "PEER allowed-ips 10.0.0.0/8,::/0",
        "PEER allowed-ips '10.0.0.0/8, 1.2.3.4 , fd00::/8'", "PEER allowed-ips 10.0.0.0/8,", "PEER allowed-ips ,10.0.0.0/8", "PEER allowed-ips ,",
        "PEER allowed-ips 10.0.0.0/33", "PEER allowed-ips ::/129", "PEER allowed-ips 10.0.0.0/", "PEER allowed-ips 10.0.0.0/x", "PEER allowed-ips 10.0.0.0/-1",
        "PEER allowed-ips 10.0.0.0/08", "PEER allowed-ips 10.0.0/8", "PEER allowed-ips 10.0.0.256/32", "PEER allowed-ips 010.0.0.0/8", "PEER allowed-ips /8",
        "PEER allowed-ips nonsense", "PEER allowed-ips 1::2::3", "PEER allowed-ips ::1%lo", "PEER allowed-ips :::", "PEER allowed-ips 1:2:3:4:5:6:7:8:9",
        "PEER allowed-ips ::ffff:1.2.3.4", "PEER allowed-ips 1:2:3:4:5:6:1.2.3.4/128,::1.2.3.4", "PEER allowed-ips 10.0.0.0/8/8",
        "PEER allowed-ips 10.0.0.0/8 allowed-ips 11.0.0.0/8", "PEER allowed-ips 10.0.0.0/8 allowed-ips ''", "PEER allowed-ips 10.0.0.0/8 PEER allowed-ips ::/0",
        "listen-port 5 fwmark 6 private-key \"$D/key\" PEER preshared-key \"$D/key\" endpoint 1.2.3.4:5 persistent-keepalive 7 allowed-ips 1.2.3.4 PEER remove",
    ];

    /// <summary>Files of <c>wg setconf</c>; $A and $B stand for keys, and \n for a line's end.</summary>
    private static readonly string[] Files =
    [
        "", "\\n", "# nothing\\n", "[Interface]\\n", "[Interface]", "[interface]\\nlistenport=5\\n", "[INTERFACE]\\nLISTENPORT = 5\\n",
        "[Interface]\\nListenPort = 5 # five\\n", "[Interface]\\nListenPort=\\n", "[Interface]\\nListenPort\\n", "[Interface]\\nListenPort = 5 6\\n",
        "[Interface]\\nListenPort = x\\n", "[Interface]\\nListenPort = 70000\\n", "[Interface]\\nFwMark = 0x10\\n", "[Interface]\\nFwMark = off\\n",
        "[Interface]\\nFwMark = x\\n", "[Interface]\\nFwMark = 1 0\\n", "[Interface]\\nPrivateKey = $A\\n", "[Interface]\\nPrivateKey = $Ax\\n",
        "[Interface]\\nPrivateKey = x\\n", "[Interface]\\nAddress = 10.0.0.1/8\\n", "[Interface]\\nPublicKey = $A\\n", "[Interface]\\nnonsense\\n",
        "[Interface]\\n= 5\\n", "[Nonsense]\\n", "ListenPort = 5\\n", "[Interface]\\r\\nListenPort = 5\\r\\n", "\\t[ Interface ]\\n\\tListen Port\\t=\\t5\\n",
        "[Interface]\\nListenPort = 5\\n[Interface]\\nFwMark = 6\\n[Interface]\\nListenPort = 7\\n", "[Peer]\\n", "[Peer]\\nPublicKey = $A\\n",
        "[Peer]\\npublickey=$A\\nallowedips=10.0.0.0/8\\n", "[Peer]\\nPublicKey = $A\\n[Peer]\\nPublicKey = $B\\n", "[Peer]\\nPublicKey = $A\\n[Peer]\\n",
        "[Peer]\\nAllowedIPs = 10.0.0.0/8\\n", "[Peer]\\nPublicKey = x\\n", "[Peer]\\nPublicKey = $A\\nListenPort = 5\\n", "[Peer]\\nPublicKey = $A\\nnonsense=1\\n",
        "[Peer]\\nPublicKey = $A\\nAllowedIPs = 10.0.0.0/8, fd00::/8\\nAllowedIPs = 11.0.0.0/8\\n", "[Peer]\\nPublicKey = $A\\nAllowedIPs =\\n",
        "[Peer]\\nPublicKey = $A\\nAllowedIPs = # none\\n", "[Peer]\\nPublicKey = $A\\nAllowedIPs = 10.0.0.0/8,\\n", "[Peer]\\nPublicKey = $A\\nAllowedIPs = x\\n",
        "[Peer]\\nPublicKey = $A\\nAllowedIPs = 10.0.0.0/33\\n", "[Peer]\\nPublicKey = $A\\nEndpoint = 1.2.3.4:5\\n", "[Peer]\\nPublicKey = $A\\nEndpoint = [::1]:5\\n",
        "[Peer]\\nPublicKey = $A\\nEndpoint = localhost:5\\n", "[Peer]\\nPublicKey = $A\\nEndpoint = 1.2.3.4\\n", "[Peer]\\nPublicKey = $A\\nEndpoint =\\n",
        "[Peer]\\nPublicKey = $A\\nEndpoint = nonsense.invalid:5\\n", "[Peer]\\nPublicKey = $A\\nPersistentKeepalive = 25\\n",
        "[Peer]\\nPublicKey = $A\\nPersistentKeepalive = off\\n", "[Peer]\\nPublicKey = $A\\nPersistentKeepalive = 65536\\n",
        "[Peer]\\nPublicKey = $A\\nPresharedKey = $B\\n", "[Peer]\\nPublicKey = $A\\nPresharedKey = x\\n", "[Peer]\\nPublicKey = $A\\nPublicKey = $B\\n",
        "[Interface]\\nPrivateKey = $A\\nListenPort = 5\\nFwMark = 6\\n\\n[Peer]\\nPublicKey = $B\\nPresharedKey = $A\\nAllowedIPs = ::/0\\nEndpoint = 1.2.3.4:5\\nPersistentKeepalive = 7\\n",
        "[Peer] # first\\nPublicKey = $A # a\\n#[Peer]\\n#PublicKey = $B\\n", "[Interface]\\nListenPort = 5\\n\\0nonsense\\nFwMark = 1\\n",
    ];

    [Fact]
    public void SendsOrRefusesWordsAsStockDoes()
    {
        var twins = Own(new WgTwins());
        var daemon = twins.Serve("wg0", "errno=0\n\n");
        WriteKeyFiles(twins.Folder);

        foreach (var lines in Words.Select(words => $"wg set wg0 {words.Replace("PEER", $"peer {KeyA}", StringComparison.Ordinal)}").Chunk(40))
        {
            twins.AssertSame(Prepared(lines), () => string.Concat(daemon.TakeRequests()));
        }

        Figure($"{twins.Compared} commands compared");
        Assert.True(twins.Compared >= 150, $"only {twins.Compared} commands were compared");
    }

    /// <summary>What stock does not send, a stock daemon refuses, and nobody hears of it.</summary>
    [Fact]
    public void SendsTheNamesOfEndpointsBehindTheConfigurationAndToNobodysHarm()
    {
        var twins = Own(new WgTwins());
        var daemon = twins.Serve("wg0", "errno=0\n\n");
        string[] files = ["localhost:domain", "127.0.0.1:5"];
        string[] lines =
        [
            $"wg set wg0 peer {KeyA} endpoint localhost:5",
            .. files.Select(endpoint => $"printf '[Peer]\nPublicKey = {KeyB}\nEndpoint = {endpoint}\n' | wg addconf wg0 /dev/stdin"),
        ];

        twins.AssertSame(lines, () => string.Concat(daemon.TakeRequests()));

        Assert.Equal(
            [Names(KeyA, "localhost:5"), Names(KeyB, "localhost:53")],
            daemon.TakeRefused());

        static string Names(string key, string name) => $"set=1\npublic_key={WgKey.Hex(key)}\nupdate_only=true\nendpoint_name={name}\n\n";
    }

    [Fact]
    public void WarnsOfHostBitsAsStockDoes()
    {
        // The prefixes are sent without them, which is what any daemon makes of them.
        var twins = Own(new WgTwins());
        _ = twins.Serve("wg0", "errno=0\n\n");
        string[] lists = ["10.0.0.1/8", "1:2:3:4:5:6:1.2.3.4/64", "10.0.0.0/8,10.1.1.1/16,fd00::1/8,1.2.3.4/0", "10.0.0.1/8,nonsense", " 10.0.0.1/31 ", "10.0.0.1/08"];

        twins.AssertSame([.. lists.SelectMany(list => (string[])
        [
            $"wg set wg0 peer {KeyA} allowed-ips '{list}'", $"printf '[Peer]\nPublicKey = {KeyA}\nAllowedIPs = {list}\n' | wg setconf wg0 /dev/stdin",
        ])]);
    }

    [Fact]
    public void SendsOrRefusesRandomWordsAsStockDoes()
    {
        const int seed = 1420;
        var random = new Random(seed);
        var twins = Own(new WgTwins());
        var daemon = twins.Serve("wg0", "errno=0\n\n");
        WriteKeyFiles(twins.Folder);
        string[] pieces =
        [
            .. Words.Where(words => words.Length > 0 && !words.Contains("invalid", StringComparison.Ordinal)
                && !words.Contains("nonsense:nonsense", StringComparison.Ordinal)).SelectMany(words => words.Split(' ')),
            "PEER", "PEER", "PEER", "PEER", $"peer {KeyB}", "allowed-ips 10.0.0.0/8", "endpoint [2001:db8::1]:51820", "persistent-keepalive 25",
        ];

        var lines = Enumerable.Range(0, 300).Select(_ => "wg set wg0 " + string.Join(' ', Enumerable.Range(0, random.Next(1, 9)).Select(_ =>
            Quoted(pieces[random.Next(pieces.Length)])))).ToArray();
        foreach (var chunk in lines.Chunk(60))
        {
            twins.AssertSame(Prepared(chunk), () => $"seed {seed}\n" + string.Concat(daemon.TakeRequests()));
        }
    }

    [Fact]
    public void SendsOrRefusesFilesAsStockDoes()
    {
        var twins = Own(new WgTwins());
        var daemon = twins.Serve("wg0", CannedStates.All["empty"]);
        foreach (var verb in (string[])["setconf", "addconf", "syncconf"])
        {
            var lines = Files.Select(text =>
                $"printf '{text.Replace("$A", KeyA, StringComparison.Ordinal).Replace("$B", KeyB, StringComparison.Ordinal)}' | wg {verb} wg0 /dev/stdin");
            twins.AssertSame(
                Prepared([.. lines, $"wg {verb} wg0 \"$D/none\"", $"wg {verb} wg0 ''", $"wg {verb} none /dev/null", $"wg {verb} wg0 /dev/null"]),
                () => string.Concat(daemon.TakeRequests()));
        }

        Figure($"{twins.Compared} commands compared");
    }

    [Fact]
    public void SynchronisesAsStockDoes()
    {
        var twins = Own(new WgTwins());
        var peers = string.Concat(Enumerable.Range(1, 9).Select(i => CannedStates.Peer(i, $"allowed_ip=10.{i}.0.0/16"))) + "errno=0\n\n";
        var daemon = twins.Serve("wg0", peers);
        string File(params int[] keys) => "printf '[Interface]\\nListenPort = 5\\n" + string.Concat(keys.Select(key =>
            $"[Peer]\\nPublicKey = {WgKey.Base64(CannedStates.Key(key))}\\nAllowedIPs = 10.{key}.0.0/16\\n")) + "' | wg syncconf wg0 /dev/stdin";

        twins.AssertSame(
            [File(), File(1), File(9, 8, 7), File(20, 21), File(1, 2, 3, 4, 5, 6, 7, 8, 9), File(5, 5, 22)], () => string.Concat(daemon.TakeRequests()));
    }

    [Fact]
    public void TellsTheDaemonsReasonAsStockDoes()
    {
        var twins = Own(new WgTwins());
        var daemon = twins.Serve("wg0", "errno=13\n\n");
        foreach (var answer in (string[])
            ["errno=0\n\n", "errno=-98\n\n", "errno=-22\n\n", "errno=22\n\n", "errno=-55\n\n", "errno=-5\n\n", "\n", "", "errno=x\n\n", "errno=-22\n", "what=1\nerrno=0\n\n", "what\n"])
        {
            daemon.AnswerToSet = answer;
            twins.AssertSame(
                ["wg set wg0 fwmark 5", $"printf '[Peer]\\nPublicKey={KeyA}\\n' | wg setconf wg0 /dev/stdin", $"printf '[Peer]\\nPublicKey={KeyA}\\n' | wg syncconf wg0 /dev/stdin"]);
        }
    }

    [Fact]
    public void RetriesNamesAsStockDoes()
    {
        var twins = Own(new WgTwins());
        _ = twins.Serve("wg0", "errno=0\n\n");
        twins.AssertSame(
        [
            $"WG_ENDPOINT_RESOLUTION_RETRIES=0 wg set wg0 peer {KeyA} endpoint nonsense.invalid:5",
            $"WG_ENDPOINT_RESOLUTION_RETRIES=1 wg set wg0 peer {KeyA} endpoint nonsense.invalid:5",
            $"WG_ENDPOINT_RESOLUTION_RETRIES=x wg set wg0 peer {KeyA} endpoint 1.2.3.4:5",
            $"WG_ENDPOINT_RESOLUTION_RETRIES= wg set wg0 peer {KeyA} endpoint 1.2.3.4:5",
            $"WG_ENDPOINT_RESOLUTION_RETRIES=1x wg set wg0 peer {KeyA} endpoint 1.2.3.4",
            $"WG_ENDPOINT_RESOLUTION_RETRIES=99999999999 wg set wg0 peer {KeyA} endpoint 1.2.3.4:5",
            "WG_ENDPOINT_RESOLUTION_RETRIES=x wg set wg0 fwmark 5",
        ]);
    }

    [Theory]
    [InlineData(Implementation.Chasqui)]
    [InlineData(Implementation.WireguardGo)]
    public void LeavesRealDaemonsAsStockDoes(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var twins = Own(new WgTwins());
        twins.Link(daemon);
        WriteKeyFiles(twins.Folder);
        var name = daemon.Interface;
        string[] steps =
        [
            $"wg set {name} private-key \"$D/key\" listen-port 51999 fwmark 7 peer {KeyB} preshared-key \"$D/key\" endpoint 192.0.2.1:5 allowed-ips 10.0.0.0/8,fd00::/8",
            $"wg set {name} peer {KeyB} persistent-keepalive 25 allowed-ips 10.1.2.3/16 endpoint [2001:db8::1]:9",
            $"printf '[Peer]\\nPublicKey={KeyA[..42]}A=\\nAllowedIPs=10.9.0.0/16\\n' | wg addconf {name} /dev/stdin",
            $"wg set {name} peer {KeyB} preshared-key /dev/null persistent-keepalive off allowed-ips ''",
            $"wg showconf {name} >\"$D/saved\"; wg setconf {name} /dev/null; wg showconf {name} | grep -v ListenPort; wg setconf {name} \"$D/saved\"",
            $"printf '[Interface]\\nListenPort=52000\\n[Peer]\\nPublicKey={KeyB}\\nAllowedIPs=0.0.0.0/0\\n' | wg syncconf {name} /dev/stdin",
            $"wg set {name} peer {KeyB} remove",
            $"wg set {name} private-key /dev/null fwmark 0 listen-port 0",
        ];

        var shown = twins.AssertSame(
            [.. steps.SelectMany(step => (string[])[step, $"wg showconf {name} | grep -v ListenPort | sort", $"wg show {name} dump | cut -f1,2,4- | sort"])]);

        Assert.DoesNotContain("exit 1", shown, StringComparison.Ordinal);
        Assert.Contains("Endpoint = [2001:db8::1]:9", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Implementation.Chasqui)]
    [InlineData(Implementation.WireguardGo)]
    public void AddsAndTakesSingleAddresses(Implementation implementation)
    {
        // Newer than Debian's tool, and than its wireguard-go, which cannot take an address away.
        var daemon = NewDaemon(implementation, NewNamespace());
        var twins = Own(new WgTwins());
        twins.Link(daemon);
        var line = $"wg set {daemon.Interface} peer {KeyA} allowed-ips";

        twins.RunOurs($"{line} 10.1.0.0/16,10.2.0.0/16", $"{line} +10.3.0.0/16");
        Assert.Equal(["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"], new Wg(daemon.Interface).AllowedIps(KeyA).Order());

        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "Debian's takes no single address away");
        twins.RunOurs($"{line} -10.2.0.0/16,+10.4.0.0/16");
        Assert.Equal(["10.1.0.0/16", "10.3.0.0/16", "10.4.0.0/16"], new Wg(daemon.Interface).AllowedIps(KeyA).Order());
    }

    [Fact]
    public void KeepsAnInterfaceWhoseFileCannotBeRead()
    {
        // Stock takes a folder for an empty file, and empties the interface.
        var twins = Own(new WgTwins());
        var daemon = twins.Serve("wg0", "errno=0\n\n");

        var output = twins.RunOurs("wg setconf wg0 \"$D\"");

        Assert.Contains("exit 1", output, StringComparison.Ordinal);
        Assert.Empty(daemon.TakeRequests());
    }

    private static string[] Prepared(string[] lines) => [.. lines.Select(line => "export WG_ENDPOINT_RESOLUTION_RETRIES=0; " + line)];

    private static string Quoted(string piece) => piece == "PEER" ? $"peer {KeyA}" : piece.Count(c => c == '\'') % 2 == 0 ? piece : "''";

    private static void WriteKeyFiles(string folder)
    {
        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
        Write("key", KeyA + "\n");
        Write("noline", KeyA);
        Write("blank", KeyA + " \t\r\n\v\f\n\n");
        Write("empty", "");
        Write("short", KeyA[..43]);
        Write("long", KeyA + "\nx");
        Write("bad", new string('x', 44));
        Write("zero", new string('A', 43) + "=");
    }
}
