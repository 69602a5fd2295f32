using System.Diagnostics;
using System.Globalization;
using Chasqui.System.Tests.Harness;
using StatusClient = Chasqui.Control.StatusClient;

namespace Chasqui.System.Tests;

/// <summary>Our bars of time and memory. The figures of wireguard-go are printed beside ours and held to nothing.</summary>
public sealed class ResourceTests : SystemTest
{
    private const long Megabyte = 1 << 20;

    [Theory]
    [MemberData(nameof(Daemons))]
    public void IsReadyWithin50Milliseconds(Implementation implementation)
    {
        const int Rounds = 10;
        Programs.Require(implementation);
        var host = NewNamespace();
        var milliseconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            milliseconds.Add(TimeOneStart(implementation, host));
        }

        milliseconds.Sort();
        var median = (milliseconds[Rounds / 2 - 1] + milliseconds[Rounds / 2]) / 2;
        Hold(implementation, median <= 50, $"start to ready, median of {Rounds}: {median} ms ({milliseconds[0]} to {milliseconds[^1]}); bar 50 ms");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void IdlesIn20Megabytes(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));

        var size = ProcessTable.Memory(tunnel.A.Daemon.ProcessId, "VmRSS");

        Hold(implementation, size <= 20 * Megabyte, $"RSS with an idle session: {size / (double)Megabyte:F1} MB; bar 20 MB");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void StaysSmallWhoeverAsksAndChangesPeers(Implementation implementation)
    {
        const int Peers = 100, Rounds = 1500;
        var daemon = NewDaemon(implementation, NewNamespace());
        UapiClient.Set(daemon.Interface, [.. Enumerable.Range(0, Peers).Select(peer => $"public_key={peer + 1:x64}\nallowed_ip=10.0.0.{peer}/32")]);
        var before = ProcessTable.Memory(daemon.ProcessId, "VmRSS");
        using var client = UapiClient.Connect(daemon.Interface);

        for (var round = 0; round < Rounds; round++)
        {
            client.Exchange($"set=1\npublic_key={1:x64}\nremove=true\n\n");
            client.Exchange($"set=1\npublic_key={1:x64}\nallowed_ip=10.0.0.0/32\n\n");
            client.Exchange("get=1\n\n");
        }

        var grown = ProcessTable.Memory(daemon.ProcessId, "VmRSS") - before;
        Hold(implementation, grown <= 8 * Megabyte, $"RSS after {Rounds} questions and changes: {grown / (double)Megabyte:F1} MB more; bar 8 MB");
    }

    [Fact]
    public void StaysSmallHoweverOftenItsStatusIsAsked()
    {
        const int Questions = 2000;
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());
        var before = ProcessTable.Memory(daemon.ProcessId, "VmRSS");
        var client = new StatusClient();

        for (var i = 0; i < Questions; i++)
        {
            client.Read(daemon.Interface);
        }

        // The garbage of two collections: the second may not come later because much survived the first.
        var grown = ProcessTable.Memory(daemon.ProcessId, "VmHWM") - before;
        Hold(Implementation.Chasqui, grown <= 6 * Megabyte, $"peak RSS of {Questions} questions: {grown / (double)Megabyte:F1} MB more than before; bar 6 MB");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void WorksIn40Megabytes(Implementation implementation)
    {
        Programs.RequireTool("iperf3");
        var tunnel = Own(Tunnel.UpOverVeth(implementation, implementation));
        var amount = implementation == Implementation.Chasqui ? "256M" : "48M";
        foreach (var options in new[] { "", "-R", "-P 4" })
        {
            using var server = tunnel.B.Home.Start($"iperf3 -s -1 -B {tunnel.B.Inner4}");
            Poll.Until(() => tunnel.B.Home.Run("ss -tlnH").Output.Contains(":5201 ", StringComparison.Ordinal), "iperf3 does not listen");
            var report = tunnel.A.Home.Run($"iperf3 -f m -n {amount} {options} -c {tunnel.B.Inner4}");
            Figure($"iperf3 {options}: {Array.FindLast(report.Lines, line => line.Contains("receiver", StringComparison.Ordinal))}");
        }

        foreach (var end in new[] { tunnel.A, tunnel.B })
        {
            var peak = ProcessTable.Memory(end.Daemon.ProcessId, "VmHWM");
            Hold(implementation, peak <= 40 * Megabyte, $"peak RSS under load: {peak / (double)Megabyte:F1} MB; bar 40 MB");
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void TakesTenThousandPeersIn2SecondsAnd2KilobytesEach(Implementation implementation)
    {
        const int Peers = 10000;
        var daemon = NewDaemon(implementation, NewNamespace());
        UapiClient.Set(daemon.Interface, $"private_key={WgKey.Hex(WgKey.Generate().Private)}");
        daemon.Birth.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => UapiClient.Get(daemon.Interface).All("listen_port") is [not "0"], "no port");
        var lines = Enumerable.Range(0, Peers)
            .SelectMany(i => new[] { $"public_key={WgKey.Hex(WgKey.Random())}", $"allowed_ip=10.{i / 256}.{i % 256}.1/32" })
            .ToArray();
        var before = ProcessTable.Memory(daemon.ProcessId, "VmRSS");

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, UapiClient.Set(daemon.Interface, lines).Errno);
        var seconds = clock.Elapsed.TotalSeconds;

        double KilobytesEach() => (ProcessTable.Memory(daemon.ProcessId, "VmRSS") - before) / 1024.0 / Peers;
        Poll.Try(() => KilobytesEach() <= 2, TimeSpan.FromSeconds(implementation == Implementation.Chasqui ? 3 : 0));
        Hold(implementation, seconds <= 2, $"{Peers} peers set in {seconds:F2} s; bar 2 s");
        Hold(implementation, KilobytesEach() <= 2, $"{KilobytesEach():F2} KB of RSS for each idle peer; bar 2 KB");
        Assert.Equal(Peers, UapiClient.Get(daemon.Interface).All("public_key").Length);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void NeverWakesWhileNothingHappens(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        var a = tunnel.A;
        using var capture = PacketCapture.Start(a.Daemon.Birth, a.Port);
        a.AssertReaches(tunnel.B);

        // The last duty of a quiet session is the passive keepalive ten seconds after the last data; then 100 s of nothing.
        capture.WaitFor(packet => packet.IsKeepalive, "passive keepalive", TimeSpan.FromSeconds(12));
        WaitForTheTimersAfterTheKeepalive();
        string woken = Woken(a.Daemon, tunnel.B.Daemon);

        Hold(implementation, woken.Length == 0, $"wake-ups by thread in 5 idle seconds: {(woken.Length == 0 ? "none" : woken)}; bar none");
    }

    /// <summary>The threads that ran in five seconds, with how often; empty if none did.</summary>
    private static string Woken(params Daemon[] daemons)
    {
        var before = daemons.Select(daemon => ProcessTable.ContextSwitches(daemon.ProcessId)).ToArray();
        Thread.Sleep(TimeSpan.FromSeconds(5));
        var changes = daemons.SelectMany((daemon, i) => ProcessTable.ContextSwitches(daemon.ProcessId)
            .Where(thread => before[i].GetValueOrDefault(thread.Key) != thread.Value)
            .Select(thread => $"{thread.Key} +{thread.Value - before[i].GetValueOrDefault(thread.Key)}"));
        return string.Join(", ", changes);
    }

    /// <summary>Whoever sent data waits 15 s for an answer before it shakes hands again: a timer taken back lazily fires no later.</summary>
    private static void WaitForTheTimersAfterTheKeepalive() => Thread.Sleep(TimeSpan.FromSeconds(6));

    private static double TimeOneStart(Implementation implementation, NetworkNamespace host)
    {
        var name = Daemon.NewInterfaceName();
        var script = $"TIMEFORMAT=%3R; time {Programs.PathOf(implementation)} {name}";
        var mark = Daemon.NewMark();
        try
        {
            var result = Command.Try(
                host.Entering(["bash", "-c", script]),
                environment: new Dictionary<string, string> { [mark.Key] = mark.Value, ["LOG_LEVEL"] = "silent" });
            Assert.True(result.Succeeded, result.ToString());
            return double.Parse(result.Error.Trim().Split('\n')[^1], CultureInfo.InvariantCulture) * 1000;
        }
        finally
        {
            Daemon.KillMarked(mark);
            File.Delete(Daemon.SocketPathOf(name));
        }
    }

    private static void Hold(Implementation implementation, bool isHeld, string figure)
    {
        Figure($"{implementation}: {figure}");
        Assert.True(isHeld || implementation != Implementation.Chasqui, figure);
    }
}
