using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Chasqui.Cli;
using Chasqui.Cli.Commands.Live;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Explain;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Cli.Live;

/// <summary>Captures that can be read from outside, by Wireshark's own dissector, and who is told that they are made.</summary>
public sealed class CaptureKeysTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("chasqui-keys").FullName;
    private readonly TestTerminal _terminal = new();
    private readonly TestTunnel _tunnel = new();
    private readonly UnixListener _listener;
    private readonly UapiServer _server;
    private readonly UapiClient _client;

    public CaptureKeysTests()
    {
        _listener = UnixListener.Bind(Path.Combine(_folder, "wg0.sock"));
        _server = new UapiServer(_listener, _tunnel.A.Device, _tunnel.A.Log);
        _client = new UapiClient(_folder);
    }

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
        _tunnel.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>As initiator and as responder, with and without a preshared key, and also what the kernel carries many at once.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void WiresharkReadsWhatIsInsideTheDatagrams(bool hasPresharedKey, bool isInitiator)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tshark"), "needs tshark");
        if (hasPresharedKey)
        {
            SharePresharedKey();
        }

        if (!isInitiator)
        {
            IpEndpoint here = new(IpAddress.V4(0x7F000001), _tunnel.A.Port);
            _tunnel.B.Device.Apply(new DeviceChange { Peers = [new PeerChange { PublicKey = _tunnel.B.Device.Status().Peers[0].PublicKey, Endpoint = here }] });
        }

        string path = Path.Combine(_folder, "keys.pcapng");
        string errors = Capture(path, () =>
        {
            _ = isInitiator ? _tunnel.Ping(TestTunnel.AddressB, 3) : _tunnel.PlaceB.TryExecute("ping", $"-q -c 3 -i 0.05 -W 5 {TestTunnel.AddressA}");
            Transfer();
        });

        string[] inside = Tshark(path, "-Y", "wg && (icmp || tcp)", "-T", "fields", "-e", "ip.src", "-e", "frame.protocols");
        Assert.Contains(inside, line => line.Contains($"{TestTunnel.AddressA}") && line.EndsWith("wg:ip:icmp:data", StringComparison.Ordinal));
        Assert.Contains(inside, line => line.Contains($"{TestTunnel.AddressB}") && line.EndsWith("wg:ip:icmp:data", StringComparison.Ordinal));
        Assert.True(inside.Count(line => line.Contains("wg:ip:tcp")) > 50, $"{inside.Length} packets could be read");
        Assert.Contains("it holds the private key of wg0", errors);
    }

    [Fact]
    public void KeysAreKeptForOneAndOnlyWhileHeAsks()
    {
        using (UapiKeyLog keys = _client.OpenKeyLog("wg0", Long))
        {
            using var taken = new SecretBuffer();
            keys.Take(taken);
            Assert.Equal("LOCAL_STATIC_PRIVATE_KEY=".Length + KeyText.Base64Length + 1, taken.Length);
            taken.Clear();
            Assert.Equal(Errno.EBUSY, Assert.Throws<LinuxException>(() => TakeOnce(Long)).Errno);

            _ = _tunnel.Ping(TestTunnel.AddressB, 1);
            keys.Take(taken);

            Assert.Equal(
                ["LOCAL_STATIC_PRIVATE_KEY", "REMOTE_STATIC_PUBLIC_KEY", "LOCAL_EPHEMERAL_PRIVATE_KEY"],
                Encoding.ASCII.GetString(taken.WrittenSpan).TrimEnd('\n').Split('\n').Select(line => line.Split('=')[0]));
            taken.Clear();
            keys.Take(taken);
            Assert.Equal(0, taken.Length); // once only
            Assert.True(_tunnel.A.Device.Status().IsRecordingKeys);
        }

        Assert.True(SpinWait.SpinUntil(() => !_tunnel.A.Device.Status().IsRecordingKeys, TimeSpan.FromSeconds(10)));
        Assert.InRange(TakeOnce(Long), 1, 80); // and again for the next, without what was left
        Assert.Equal(2, _tunnel.A.Device.Journal.CountOf(TunnelEventKind.KeyLogBegan));
    }

    [Fact]
    public void TheOwnerIsToldInTheLogAndByExplain()
    {
        using UapiKeyLog keys = _client.OpenKeyLog("wg0", Long);
        using var taken = new SecretBuffer();
        keys.Take(taken);

        ExplainReport report = _tunnel.PlaceA.Run(() => TunnelExplainer.Run("wg0", _tunnel.A.Device.Status(), hasJournal: true));

        Assert.Contains(report.Findings, finding => finding is { Code: ExplainCode.KeysRecorded, Severity: ExplainSeverity.Notice });
        Assert.True(SpinWait.SpinUntil(
            () => _tunnel.A.Log.Lines.Any(line => line == "Warning: wg0: the keys of handshakes are given to somebody who captures, for 60 s at most"),
            TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void WhenTheTimeIsOverThereAreNone()
    {
        using UapiKeyLog keys = _client.OpenKeyLog("wg0", TimeSpan.FromSeconds(1));
        using var taken = new SecretBuffer();
        keys.Take(taken);
        taken.Clear();

        Assert.True(SpinWait.SpinUntil(() => _tunnel.A.Device.Journal.CountOf(TunnelEventKind.KeyLogEnded) == 1, TimeSpan.FromSeconds(10)));
        Assert.Throws<LinuxException>(() => keys.Take(taken));
        Assert.Equal(0, taken.Length);
    }

    private int TakeOnce(TimeSpan duration)
    {
        using UapiKeyLog keys = _client.OpenKeyLog("wg0", duration);
        using var taken = new SecretBuffer();
        keys.Take(taken);
        return taken.Length;
    }

    private void SharePresharedKey()
    {
        using PresharedKey key = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        foreach (TestDevice end in (TestDevice[])[_tunnel.A, _tunnel.B])
        {
            end.Device.Apply(new DeviceChange { Peers = [new PeerChange { PublicKey = end.Device.Status().Peers[0].PublicKey, PresharedKey = key }] });
        }
    }

    private void Transfer()
    {
        (Socket a, Socket b) = _tunnel.Connect();
        using (a)
        using (b)
        {
            _tunnel.Transfer(a, b, 1 << 20, static () => { });
        }
    }

    /// <summary>Captures where the sockets are, at an interface of its own, while there is traffic.</summary>
    private string Capture(string path, Action traffic)
    {
        _tunnel.A.Home.Ip("tuntap add wg0 mode tun");
        _tunnel.A.Home.Ip("link set wg0 up");
        string[] arguments = ["wg0", "-o", path, "--outer", "--with-keys", "--reveal-private-keys", "-t", "3"];
        var command = new CaptureCommand(_ => _tunnel.A.Device.Status(), _client.OpenKeyLog);
        int code = -1;
        var capture = new Thread(() => code = _tunnel.A.Home.Run(
            () => command.Execute(new Invocation("chasqui", arguments, _terminal.Terminal), () => new MemoryStream())));
        capture.Start();
        Assert.True(SpinWait.SpinUntil(() => _tunnel.A.Device.Status().IsRecordingKeys || !capture.IsAlive, TimeSpan.FromSeconds(10)), _terminal.Error);
        traffic();
        Assert.True(capture.Join(TimeSpan.FromSeconds(30)), "the capture does not end");
        Assert.True(code == 0, _terminal.Error);
        return _terminal.Error;
    }

    private string[] Tshark(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo("tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _folder;
        foreach (string argument in (string[])["-n", "-r", path, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string[] lines = process.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return lines;
    }
}
