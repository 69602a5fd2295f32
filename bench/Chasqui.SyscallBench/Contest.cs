using System.Diagnostics;
using System.Globalization;

namespace Chasqui.SyscallBench;

/// <summary>Runs ways in turn, round by round, and says what each costs: by the clock and in CPU time.</summary>
/// <remarks>
/// CPU time is what <see cref="CpuTime"/> counts.
/// Threads: the measured core's.
/// </remarks>
internal sealed class Contest(string title, int rounds, int peerThread)
{
    /// <summary>A polling thread gives up up to two ticks of the kernel's clock after its time.</summary>
    private const int SettleMilliseconds = Ring.PollingMilliseconds + 10;

    private readonly CpuTime _cpuTime = new(peerThread);
    private readonly List<Way> _ways = [];
    private readonly List<string> _refused = [];

    /// <summary>Done before each measurement, and not measured.</summary>
    internal Action Before { get; init; } = () => { };

    /// <summary>Done after each measurement, and not measured: takes what was handled, answers what arrived.</summary>
    internal Func<int, int> After { get; init; } = done => done;

    /// <summary>Adds a way, or notes why this kernel does not have it.</summary>
    internal void Add(string name, Func<string, Way> make)
    {
        try
        {
            _ways.Add(make(name));
        }
        catch (IOException e)
        {
            _refused.Add($"{name}: {e.Message}");
        }
    }

    /// <summary>Runs, prints a table, and disposes of the ways.</summary>
    internal void Run(int count)
    {
        var samples = _ways.ToDictionary(way => way, _ => new List<Sample>());
        for (int round = -2; round < rounds; round++)
        {
            foreach (Way way in _ways.Where(samples.ContainsKey))
                RunOne(way, count, round >= 0, samples);
        }

        Print(samples);
        foreach (Way way in _ways)
            way.Dispose();
    }

    private void RunOne(Way way, int count, bool counts, Dictionary<Way, List<Sample>> samples)
    {
        try
        {
            Before();
            Sample sample = Measure(way, count);
            if (counts)
                samples[way].Add(sample);

            // What still spins for this way must not be counted for the next.
            Thread.Sleep(SettleMilliseconds);
        }
        catch (IOException e)
        {
            _ = After(0);
            _refused.Add(e.Message);
            _ = samples.Remove(way);
        }
    }

    private Sample Measure(Way way, int count)
    {
        _cpuTime.Start();
        long start = Stopwatch.GetTimestamp();
        int done = way.Run(count);
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        long cpu = _cpuTime.Stop();
        int arrived = After(done);
        return new Sample(nanoseconds / Math.Max(1, done), (double)cpu / Math.Max(1, done), 1 - ((double)arrived / Math.Max(done, count)));
    }

    private void Print(Dictionary<Way, List<Sample>> samples)
    {
        Console.WriteLine($"\n### {title}\n");
        Console.WriteLine("| way | ns each | quartiles | CPU ns each | CPU, to the first | lost |");
        Console.WriteLine("|---|---|---|---|---|---|");
        double first = 0;
        foreach (Way way in _ways.Where(samples.ContainsKey))
        {
            List<Sample> all = samples[way];
            double[] wall = [.. all.Select(sample => sample.Nanoseconds).Order()];
            double[] cpu = [.. all.Select(sample => sample.Cpu).Order()];
            first = first == 0 ? At(cpu, 0.5) : first;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {way.Name} | {At(wall, 0.5):F0} | {At(wall, 0.25):F0}-{At(wall, 0.75):F0} | {At(cpu, 0.5):F0} | {At(cpu, 0.5) / first:F2} | {all.Average(sample => sample.Lost):P1} |"));
        }

        foreach (string refusal in _refused)
            Console.WriteLine($"\nnot: {refusal}");
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * share)];

    private readonly record struct Sample(double Nanoseconds, double Cpu, double Lost);
}
