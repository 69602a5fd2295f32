using System.Diagnostics;
using System.Globalization;
using Chasqui.Compare;
using Chasqui.Compare.Report;
using Chasqui.HostileNetwork;

namespace Chasqui.Siege.Soak;

/// <summary>One soak: disturbs, samples, and judges at the end.</summary>
internal sealed class SoakRun(SoakOptions options)
{
    private const double RssShare = 0.05, RssFloor = 2 << 20;
    private const double CountFloor = 0.5; // less than one descriptor or thread
    private const int MostFailures = 20;
    private const int AuditedTransfers = 4;

    // Until its first collections a heap grows by whatever is asked of it, and looks like a leak.
    private const int WarmUpQuestions = 1000;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly string _date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    private readonly List<Sample>[] _samples = [[], []];
    private readonly SortedDictionary<string, int> _disturbances = [];
    private readonly List<string> _failures = [];
    private readonly Stopwatch _clock = new();

    /// <summary>A line that is bad, but that TCP lives with; what every datagram meets.</summary>
    public static Weather Weather { get; } = new()
    {
        Loss = 0.003,
        Duplicate = 0.005,
        Reorder = 0.01,
        Corrupt = 0.002,
        Replay = 0.01,
        Delay = TimeSpan.FromMilliseconds(2),
    };

    /// <summary>All samples, left's first.</summary>
    public IReadOnlyList<Sample>[] Samples => _samples;

    /// <summary>Runs.</summary>
    /// <exception cref="LabException">It could not begin.</exception>
    public SoakResult Run()
    {
        using var lab = new Lab();
        using var tunnel = new SoakTunnel(lab, Weather, options.Seed);
        foreach (End end in (End[])[End.Left, End.Right]) SoakTunnel.AskOften(end, WarmUpQuestions);
        var transfers = new TransferLoop(options.Rate, options.Seed);
        var thread = new Thread(transfers.Run) { IsBackground = true };
        _clock.Start();
        thread.Start();
        TimeSpan own = Environment.CpuUsage.TotalTime;
        try
        {
            Disturb(tunnel);
        }
        catch (LabException failure)
        {
            _failures.Add(failure.Message);
        }

        double seconds = _clock.Elapsed.TotalSeconds, ownCpu = (Environment.CpuUsage.TotalTime - own).TotalSeconds / seconds;
        double daemonsCpu = _samples.Sum(static samples => samples[^1].Cpu - samples[0].Cpu) / seconds;
        transfers.End();
        tunnel.Box.Weather = Weather.Clear;
        if (!thread.Join(TimeSpan.FromMinutes(4))) _failures.Add("the last transfer did not end");
        Thread.Sleep(Quiet);
        var drifts = Drift.ReadWhole(tunnel).ToList();
        drifts.AddRange(AuditPeers(tunnel));
        return Judge(tunnel, transfers, seconds, daemonsCpu, ownCpu, drifts);
    }

    private void Disturb(SoakTunnel tunnel)
    {
        (string Name, Action Do)[] disturbances =
        [
            ("address changed", tunnel.Box.Rebind),
            ("peer removed and added, client", () => tunnel.AddPeerAnew(End.Left)),
            ("everything replayed", tunnel.ReplayAll),
            ("peer removed and added, both", () => AddPeersAnew(tunnel)),
            ("status asked", tunnel.Ask),
            ("address changed", tunnel.Box.Rebind),
            ("link down and up", tunnel.BounceLink),
            ("reload", tunnel.Reload),
            ("port changed", tunnel.ChangePort),
            ("preshared key changed", tunnel.ChangePresharedKey),
        ];
        double sampleEvery = Math.Clamp(options.Seconds / 360.0, 1, 20);
        for (int disturbed = 0, sampled = 0; _clock.Elapsed.TotalSeconds < options.Seconds;)
        {
            double now = _clock.Elapsed.TotalSeconds;
            if (now >= sampled * sampleEvery)
            {
                sampled++;
                tunnel.RequireRunning();
                foreach (End end in (End[])[End.Left, End.Right]) _samples[(int)end].Add(Sample.Take(tunnel.Pid(end), now));
            }

            // The last minute or so is for the handshakes that the disturbances have asked for.
            if (now >= (disturbed + 1) * options.Disturb)
            {
                (string name, Action act) = disturbances[disturbed++ % disturbances.Length];
                act();
                _disturbances[name] = _disturbances.GetValueOrDefault(name) + 1;
            }

            Thread.Sleep(100);
        }
    }

    /// <summary>The server forgets where the client is, and the client its session: it has to knock.</summary>
    private static void AddPeersAnew(SoakTunnel tunnel)
    {
        tunnel.AddPeerAnew(End.Right);
        tunnel.AddPeerAnew(End.Left);
    }

    /// <summary>Transfers between peers that count from nothing, while nothing is lost or added on the way.</summary>
    private List<Drift> AuditPeers(SoakTunnel tunnel)
    {
        foreach (End end in (End[])[End.Right, End.Left]) tunnel.RemovePeer(end);
        Thread.Sleep(Quiet);
        PassageCounts toServer = tunnel.Box.ToServer.Copy(), toClient = tunnel.Box.ToClient.Copy();
        foreach (End end in (End[])[End.Right, End.Left]) tunnel.AddPeer(end);
        tunnel.WaitForPing();
        var transfers = new TransferLoop(options.Rate, options.Seed - 1);
        for (int i = 0; i < AuditedTransfers; i++) transfers.RunOnce(i);
        _failures.AddRange(transfers.Failures);
        Thread.Sleep(Quiet);
        return [.. Drift.ReadPeers(tunnel, toServer, toClient)];
    }

    private SoakResult Judge(SoakTunnel tunnel, TransferLoop transfers, double seconds, double daemonsCpu, double ownCpu, IReadOnlyList<Drift> drifts)
    {
        SoakTrend[] trends = [.. ((End[])[End.Left, End.Right]).SelectMany(TrendsOf)];
        _failures.AddRange(transfers.Failures.Take(MostFailures));
        if (transfers.Whole == 0) _failures.Add("no transfer arrived");
        _failures.AddRange(SoakFailures.Of(trends, drifts));

        PassageCounts to = tunnel.Box.ToServer, back = tunnel.Box.ToClient;
        return new SoakResult
        {
            Date = _date,
            Command = options.Command,
            Machine = Machine.Read(),
            Seconds = Math.Round(seconds),
            Failures = _failures,
            WholeTransfers = transfers.Whole,
            TransferredBytes = transfers.Bytes,
            Handshakes = Handshakes(),
            Disturbances = _disturbances,
            Weather = Weather,
            Mappings = tunnel.Box.Rebinds + 1,
            Datagrams = to.Received + back.Received,
            Lost = to.Lost + back.Lost,
            Corrupted = to.Corrupted + back.Corrupted,
            Repeated = to.Duplicated + to.Replayed + back.Duplicated + back.Replayed,
            DaemonsCpu = Math.Round(daemonsCpu, 4),
            OwnCpu = Math.Round(ownCpu, 4),
            Trends = trends,
            Drifts = drifts,
        };
    }

    private static double Handshakes() => ((End[])[End.Left, End.Right])
        .Sum(static end => SoakTunnel.Metrics(end).GetValueOrDefault("chasqui_events_total handshake_completed"));

    private IEnumerable<SoakTrend> TrendsOf(End end)
    {
        List<Sample> samples = _samples[(int)end];
        double[] times = [.. samples.Select(static sample => sample.Seconds)];
        yield return Make("resident memory", "MB", static sample => sample.Rss / 1e6, RssShare, RssFloor / 1e6);
        yield return Make("descriptors", "", static sample => sample.Descriptors, 0, CountFloor);
        yield return Make("threads", "", static sample => sample.Threads, 0, CountFloor);

        SoakTrend Make(string what, string unit, Func<Sample, double> value, double share, double floor)
        {
            double[] values = [.. samples.Select(value)];
            return new SoakTrend($"{end}: {what}", unit, values[0], values.Max(), values[^1], Trend.Of(times, values, share, floor));
        }
    }
}
