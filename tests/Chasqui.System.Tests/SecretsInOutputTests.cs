using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Everything that a daemon and its tools say, searched for every key that it was given: as bytes, in base64, in hexadecimal.</summary>
public sealed class SecretsInOutputTests : SystemTest
{
    private const int Port = 20421;
    private const int MetricsPort = 20422;

    private readonly WgKey _key = WgKey.Generate();
    private readonly string _refusedKey = WgKey.Random();
    private readonly Dictionary<string, byte[]> _said = [];

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("journal")]
    public void NoKeyIsSaidByAnybody(string format)
    {
        Programs.Require(Implementation.Chasqui);
        var daemon = Own(Daemon.Start(Implementation.Chasqui, NewNamespace(), environment: new Dictionary<string, string>
        {
            ["LOG_LEVEL"] = "debug",
            ["LOG_FORMAT"] = format,
            ["CHASQUI_METRICS"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{MetricsPort}"),
        }));
        var peer = Own(new KnownPeer(daemon, _key.Public, WgKey.Random(), Port));
        Configure(daemon, peer);
        BeRude(daemon, peer);
        peer.Talk();

        Listen(daemon);
        Command.Run($"kill -ABRT {daemon.ProcessId}");
        daemon.WaitForExit();
        _said["log and last words"] = Encoding.UTF8.GetBytes(daemon.Log);

        Assert.Contains(peer.Key.Public, Encoding.UTF8.GetString(_said["show"]), StringComparison.Ordinal);
        Assert.NotEmpty(daemon.Log);
        foreach (var key in (string[])[_key.Private, peer.PresharedKey, _refusedKey, .. peer.SessionKeys.Select(Convert.ToBase64String)])
        {
            AssertUnsaid(Convert.FromBase64String(key));
        }
    }

    [Fact]
    public void FilesWithKeysAreTheirOwnersAlone()
    {
        Programs.Require(Implementation.Chasqui);
        var folder = Own(new TemporaryFolder()).Path;
        var chasqui = Programs.PathOf(Implementation.Chasqui);
        var script = $"""
            umask 022; cd {folder}; set -e
            {chasqui} new wg0 --address 10.8.0.1/24 --endpoint 192.0.2.1 -o {folder}/wg0.conf
            {chasqui} peer add {folder}/wg0.conf phone -o {folder}/phone.conf
            {chasqui} peer add {folder}/wg0.conf tablet -o {folder}/tablet.png
            """;

        Command.Succeed(Command.Try(["sh", "-c", script]));

        Assert.All(
            (string[])["wg0.conf", "phone.conf", "tablet.png"],
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{folder}/{file}")));
    }

    private void Configure(Daemon daemon, KnownPeer peer)
    {
        new Wg(daemon.Interface).SetConf(
            $"""
            [Interface]
            PrivateKey = {_key.Private}
            ListenPort = {Port}
            [Peer]
            PublicKey = {peer.Key.Public}
            PresharedKey = {peer.PresharedKey}
            AllowedIPs = 192.168.241.2/32

            """);
        daemon.Birth.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => daemon.Birth.UdpPorts().Contains(Port), "no port");
    }

    /// <summary>What is refused is the likeliest to be quoted.</summary>
    private void BeRude(Daemon daemon, KnownPeer peer)
    {
        string hex = WgKey.Hex(_refusedKey), publicHex = WgKey.Hex(peer.Key.Public);
        foreach (var line in (string[])
            [$"private_key={hex}0", $"private_key={hex[1..]}g", $"private_key={_refusedKey}", $"{hex}=1", $"private_kei={hex}", $"listen_port={hex}"])
        {
            Assert.NotEqual(0, UapiClient.Set(daemon.Interface, line).Errno);
        }

        Assert.NotEqual(0, UapiClient.Set(daemon.Interface, $"public_key={publicHex}", $"preshared_key={hex}{hex}").Errno);
        Assert.NotEqual(0, UapiClient.Set(daemon.Interface, $"public_key={publicHex}", $"preshared_key={hex}", "endpoint=nowhere").Errno);
        _said["control socket"] = Converse(
            daemon,
            """{"verb":"hello"}""",
            $$"""{"verb":"set","privateKey":"{{_refusedKey}}"}""",
            $$"""{"verb":"set","peers":[{"publicKey":"{{peer.Key.Public}}","presharedKey":"{{_refusedKey}}"}]}""",
            $$"""{"verb":"{{_refusedKey}}"}""");
        _said["control socket, a member"] = Converse(daemon, $$"""{"verb":"status","{{hex}}":1}""");
    }

    private void Listen(Daemon daemon)
    {
        _said["status and events"] = Converse(daemon, """{"verb":"status"}""", """{"verb":"events","from":0}""");
        _said["metrics"] = Metrics(daemon);
        _said["arguments"] = File.ReadAllBytes($"/proc/{daemon.ProcessId}/cmdline");
        _said["environment"] = File.ReadAllBytes($"/proc/{daemon.ProcessId}/environ");
        foreach (var words in (string[])["show", "show --json", "explain", "explain --json", "metrics"])
        {
            string[] command = [Programs.PathOf(Implementation.Chasqui), .. words.Split(' ').Take(1), daemon.Interface, .. words.Split(' ').Skip(1)];
            var result = daemon.Birth.Try(command, new Dictionary<string, string>());
            _said[words] = Encoding.UTF8.GetBytes(result.Output + result.Error);
        }
    }

    private static byte[] Converse(Daemon daemon, params string[] requests)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(daemon.ControlSocketPath));
        _ = socket.Send(Encoding.UTF8.GetBytes(string.Join('\n', requests) + "\n"));
        socket.Shutdown(SocketShutdown.Send);
        return ReadAll(socket);
    }

    private static byte[] Metrics(Daemon daemon)
    {
        using var socket = daemon.Birth.TcpSocket(AddressFamily.InterNetwork);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, MetricsPort));
        _ = socket.Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);
        return ReadAll(socket);
    }

    private static byte[] ReadAll(Socket socket)
    {
        socket.ReceiveTimeout = 5000;
        var buffer = new byte[65536];
        using var all = new MemoryStream();
        for (int length; (length = socket.Receive(buffer)) > 0;)
        {
            all.Write(buffer, 0, length);
        }

        return all.ToArray();
    }

    private void AssertUnsaid(byte[] key)
    {
        byte[][] forms =
        [
            key, Encoding.ASCII.GetBytes(Convert.ToBase64String(key)[..42]), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)),
            Encoding.ASCII.GetBytes(Convert.ToHexString(key)),
        ];
        foreach (var (place, bytes) in _said)
        {
            Assert.NotEmpty(bytes);
            Assert.All(forms, form => Assert.True(bytes.AsSpan().IndexOf(form) < 0, $"a key is in the {place}:\n{Encoding.UTF8.GetString(bytes)}"));
        }
    }
}
