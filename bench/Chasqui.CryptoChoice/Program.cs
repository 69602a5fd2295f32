using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Chasqui.CryptoChoice;

/// <summary>Measures one candidate. "operations" prints time and allocation of each; "once" does one handshake's worth and its memory.</summary>
internal static class Program
{
    private const int Rounds = 15;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(60);

    private static int Main(string[] arguments) => arguments switch
    {
        ["operations"] => PrintOperations(),
        ["once"] => RunOnce(),
        ["spawn", var times, .. var command] => PrintSpawns(int.Parse(times), command),
        _ => Usage(),
    };

    private static int PrintOperations()
    {
        Console.WriteLine($"# {Candidate.Name}, {(RuntimeFeature.IsDynamicCodeSupported ? "JIT" : "NativeAOT")}");
        Console.WriteLine($"{"operation",-44}{"median ns",11}{"min",10}{"max",10}{"bytes",8}");
        foreach ((string name, Action run) in Candidate.Operations())
        {
            double[] rounds = Measure(run);
            Console.WriteLine($"{name,-44}{rounds[Rounds / 2],11:F0}{rounds[0],10:F0}{rounds[^1],10:F0}{AllocatedBytes(run),8}");
        }

        return 0;
    }

    /// <summary>Nanoseconds of processor time per call of each round, sorted: other programs' time does not count, their caches do.</summary>
    private static double[] Measure(Action run)
    {
        // The first pass lets the JIT reach its last tier and finds how many calls fill a round.
        const int WarmUpRounds = 10;
        long calls = 0;
        for (TimeSpan start = ProcessorTime; ProcessorTime - start < WarmUpRounds * RoundTime; calls++)
        {
            run();
        }

        calls = Math.Max(1, calls / WarmUpRounds);
        var rounds = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            TimeSpan start = ProcessorTime;
            for (long i = 0; i < calls; i++)
            {
                run();
            }

            rounds[round] = (ProcessorTime - start).TotalNanoseconds / calls;
        }

        Array.Sort(rounds);
        return rounds;
    }

    private static TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    private static long AllocatedBytes(Action run)
    {
        const int Calls = 100;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            run();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private static int RunOnce()
    {
        foreach ((_, Action run) in Candidate.Operations())
        {
            run();
        }

        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
            {
                Console.WriteLine(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim());
            }
        }

        return 0;
    }

    /// <summary>Runs a command that prints its peak memory in KiB, many times; prints wall time and memory.</summary>
    private static int PrintSpawns(int times, string[] command)
    {
        var milliseconds = new double[times];
        var kibibytes = new int[times];
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
            using Process child = Process.Start(info) ?? throw new InvalidOperationException(command[0]);
            kibibytes[i] = int.Parse(child.StandardOutput.ReadToEnd());
            child.WaitForExit();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        Array.Sort(kibibytes);
        Console.WriteLine(
            $"wall ms {milliseconds[times / 2]:F1} ({milliseconds[0]:F1} - {milliseconds[^1]:F1}), "
            + $"peak RSS KiB {kibibytes[times / 2]} ({kibibytes[0]} - {kibibytes[^1]})");
        return 0;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: operations | once | spawn TIMES COMMAND...   (see run.sh)");
        return 2;
    }
}
