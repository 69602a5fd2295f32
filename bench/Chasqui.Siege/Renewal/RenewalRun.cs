using System.Diagnostics;
using System.Globalization;
using Chasqui.Compare;
using Chasqui.Compare.Measures;
using Chasqui.Compare.Report;
using Chasqui.Siege.Flood;

namespace Chasqui.Siege.Renewal;

/// <summary>One daemon beside each flood, with a stream, pings and a session that comes to its age at the same time.</summary>
internal sealed class RenewalRun(FloodOptions options, string name, string program)
{
    private const double PingInterval = 0.1;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly SortedDictionary<string, RenewalFigures> _floods = [];

    /// <summary>Runs.</summary>
    /// <exception cref="LabException">Something did not work, or a daemon has ended.</exception>
    public RenewedProgram Run()
    {
        using var lab = new Lab();
        using var scene = new FloodScene(lab, program);
        foreach (FloodKind kind in options.Kinds)
        {
            RenewalFigures figures = Measure(lab, scene, kind);
            _floods[$"{kind.Letter}"] = figures;
            scene.RequireRunning();
            Console.WriteLine($"{name}: {RenewalTable.Line(kind, figures)}");
        }

        return new RenewedProgram(name, Programs.Version(program), _floods);
    }

    private RenewalFigures Measure(Lab lab, FloodScene scene, FloodKind kind)
    {
        if (scene.Rekey() is null) throw new LabException($"{name}: no session to begin with");
        long birth = Stopwatch.GetTimestamp();
        double unixBirth = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        RunningProgram flood = scene.Start(kind, options.Rate), server = Iperf.StartServer(lab, End.Left);
        double begin = Age();
        int seconds = (int)(RenewalPlan.End - begin);
        RunningProgram stream = Iperf.StartClient(lab, End.Right, seconds), pings = StartPings(lab, seconds);
        try
        {
            double? renewed = Attack();
            IReadOnlyList<StreamSecond> carried = StreamSecond.ReadAll(stream.WaitForOutput(TimeSpan.FromSeconds(30)));
            string said = pings.WaitForOutput(TimeSpan.FromSeconds(30));
            return Judge(
                [.. carried.Select(second => second with { From = second.From + begin, To = second.To + begin })],
                [.. TimedPing.ReadAll(said).Select(ping => ping with { At = ping.At - unixBirth })],
                PingTimes.Read(said).Lost,
                renewed);
        }
        finally
        {
            foreach (RunningProgram running in (RunningProgram[])[stream, pings, server, flood]) lab.Forget(running);
        }

        double Age() => Stopwatch.GetElapsedTime(birth).TotalSeconds;

        double? Attack()
        {
            string first = FloodScene.LatestHandshake();
            double? renewed = null;
            for (double next = RenewalPlan.NextSwitch(begin); Age() < RenewalPlan.End; Thread.Sleep(Look))
            {
                if (renewed is null && FloodScene.LatestHandshake() != first) renewed = Age();
                if (Age() < next) continue;
                if (RenewalPlan.IsAimedAtDaemon(next)) scene.AimAtDaemon();
                else scene.AimAtControl();
                next = RenewalPlan.NextSwitch(next);
            }

            return renewed;
        }
    }

    private static RunningProgram StartPings(Lab lab, int seconds) => lab.Start(
        End.Right,
        "sh",
        "-c",
        "ping \"$@\" || [ $? = 1 ]",
        "ping",
        "-D",
        "-n",
        "-c",
        ((int)(seconds / PingInterval)).ToString(CultureInfo.InvariantCulture),
        "-i",
        PingInterval.ToString(CultureInfo.InvariantCulture),
        "-W",
        "2",
        Lab.Inner(End.Left));

    private static RenewalFigures Judge(StreamSecond[] seconds, TimedPing[] pings, double lost, double? renewed)
    {
        double control = Statistics.Median([.. seconds.Where(static second => RenewalPlan.Of(second.From, second.To) == false).Select(static second => second.Megabits)]);
        double[] flooded = [.. seconds.Where(static second => RenewalPlan.Of(second.From, second.To) == true).Select(static second => second.Megabits)];
        return new RenewalFigures
        {
            ControlThroughput = control,
            Kept = Statistics.Median(flooded) / control,
            LeastKept = flooded.Min() / control,
            ControlPing99 = Ping99(isFlooded: false),
            Ping99 = Ping99(isFlooded: true),
            PingLost = lost,
            LongestSilence = pings.Zip(pings.Skip(1), static (one, next) => next.At - one.At).DefaultIfEmpty(RenewalPlan.End).Max(),
            RenewedAt = renewed,
        };

        double Ping99(bool isFlooded)
        {
            double[] times = [.. pings.Where(ping => RenewalPlan.Of(ping.At, ping.At) == isFlooded).Select(static ping => ping.Milliseconds)];
            return times.Length == 0 ? double.NaN : Statistics.Percentile(times, 99);
        }
    }
}
