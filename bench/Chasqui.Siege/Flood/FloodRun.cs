using System.Diagnostics;
using System.Globalization;
using Chasqui.Compare;
using Chasqui.Compare.Measures;
using Chasqui.Compare.Report;

namespace Chasqui.Siege.Flood;

/// <summary>One round of one daemon: everything without a flood, then beside each.</summary>
internal sealed class FloodRun(FloodOptions options, string name, string program)
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>Without a flood: throughput in Mbit/s, median and 99th percentile of pings in milliseconds.</summary>
    public double[] Calm { get; private set; } = [];

    /// <summary>The flooded daemon's greatest resident memory, bytes.</summary>
    public double PeakMemory { get; private set; }

    /// <summary>What each flood did, by letter.</summary>
    public SortedDictionary<string, FloodFigures> Floods { get; } = [];

    /// <summary>Runs.</summary>
    /// <exception cref="LabException">Something did not work, or a daemon has ended.</exception>
    public void Run()
    {
        using var lab = new Lab();
        using var scene = new FloodScene(lab, program);
        scene.Ping(FloodOptions.Pings); // caches are filled
        PingTimes times = scene.Ping(FloodOptions.Pings);
        Calm = [scene.Transfer(FloodOptions.TransferSeconds), Percentile(times, 50), Percentile(times, 99)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {Calm[0]:F0} Mbit/s, ping {Calm[1]:F3} and {Calm[2]:F3} ms without a flood"));
        foreach (FloodKind kind in options.Kinds)
        {
            FloodFigures figures = Measure(scene, kind);
            Floods[$"{kind.Letter}"] = figures;
            scene.RequireRunning();
            Console.WriteLine($"{name}: {FloodTable.Line(kind, figures)}");
        }

        PeakMemory = scene.PeakMemory;
    }

    /// <summary>By turns, so that what else the machine does meanwhile is on both sides of a ratio.</summary>
    private FloodFigures Measure(FloodScene scene, FloodKind kind)
    {
        RunningProgram flood = scene.Start(kind, options.Rate);
        FloodTally control = new(), attack = new();
        List<double> kept = [];
        for (int i = 0; i < options.Turns; i++)
        {
            scene.AimAtControl();
            Take(scene, flood, control);
            scene.AimAtDaemon();
            Take(scene, flood, attack);
            kept.Add(attack.Throughput[^1] / control.Throughput[^1]);
        }

        double? rekey = scene.Rekey();
        scene.Stop(flood);
        return new FloodFigures
        {
            Kept = Statistics.Median(kept),
            LeastKept = kept.Min(),
            MostKept = kept.Max(),
            ControlThroughput = Statistics.Median(control.Throughput),
            ControlPing50 = control.Ping(50),
            ControlPing99 = control.Ping(99),
            Ping50 = attack.Ping(50),
            Ping99 = attack.Ping(99),
            PingLost = attack.Lost,
            Rekey = rekey,
            CpuPerDatagram = Math.Max(0, (attack.Cpu - (control.Cpu * attack.Seconds / control.Seconds)) / Math.Max(1, attack.Datagrams) * 1e6),
            Rate = attack.Datagrams / attack.Seconds,
        };
    }

    private static void Take(FloodScene scene, RunningProgram flood, FloodTally tally)
    {
        Thread.Sleep(Settle);
        double cpu = scene.DaemonCpu();
        long sent = Attacker.Sent(flood), start = Stopwatch.GetTimestamp();
        tally.Add(scene.Ping(FloodOptions.Pings));
        tally.Cpu += scene.DaemonCpu() - cpu;
        tally.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        tally.Datagrams += Attacker.Sent(flood) - sent;
        tally.Throughput.Add(scene.Transfer(FloodOptions.TransferSeconds));
    }

    private static double Percentile(PingTimes times, double percent) =>
        times.Milliseconds.Count == 0 ? double.NaN : Statistics.Percentile([.. times.Milliseconds], percent);
}
