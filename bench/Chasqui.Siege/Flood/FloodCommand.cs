using System.Globalization;
using Chasqui.Compare;
using Chasqui.Compare.Report;
using Chasqui.Siege.Renewal;

namespace Chasqui.Siege.Flood;

/// <summary>The command.</summary>
internal static class FloodCommand
{
    // Four times what it has at rest. What grows with strangers grows past any bar within the millions of datagrams of a run.
    internal const double MemoryBar = 64e6;

    private const string Separation =
        "The flooder sends a fixed number of datagrams a second from one processor, where the kernel also receives what it sends; by turns it "
        + "goes to the daemon and to a port of the same host that nobody reads, and the daemon's turn is compared with the other, so that what the flooder and the kernel "
        + "burn is on both sides of a ratio. Processor time a datagram is the daemon's own, user and kernel, less what it uses beside that other flood.";

    /// <summary>Floods, prints, writes the files.</summary>
    /// <returns>The exit code: 1 if our daemon misses a bar.</returns>
    /// <exception cref="LabException">It could not be done.</exception>
    public static int Run(FloodOptions options)
    {
        if (options.IsHelp)
        {
            Console.WriteLine(FloodOptions.Help);
            return 0;
        }

        Daemons.RequireTools("ip", "wg", "ping", "iperf3", "taskset");
        IReadOnlyList<FloodContender> programs = FloodContender.Find(options);
        using IDisposable? precedence = options.IsFirst ? new Precedence() : null;
        if (options.IsAtOnce) return RenewalCommand.Run(options, programs);
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        List<FloodRun>[] runs = Flood(options, programs);
        FloodedProgram[] flooded = [.. programs.Select((program, i) => Join(program.Name, program.Path, runs[i]))];
        return Report(options, date, flooded);
    }

    private static List<FloodRun>[] Flood(FloodOptions options, IReadOnlyList<FloodContender> programs)
    {
        List<FloodRun>[] runs = [.. programs.Select(static _ => new List<FloodRun>())];
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < programs.Count; i++)
            {
                var run = new FloodRun(options, programs[i].Name, programs[i].Path);
                run.Run();
                runs[i].Add(run);
            }
        }

        return runs;
    }

    private static int Report(FloodOptions options, string date, FloodedProgram[] programs)
    {
        var result = new FloodResult
        {
            Date = date,
            Command = options.Command,
            Machine = Machine.Read(),
            Separation = Separation,
            Programs = programs,
            Table = FloodTable.Markdown(programs),
        };
        Console.WriteLine();
        foreach (string line in result.Table) Console.WriteLine(line);
        Console.WriteLine();
        Console.WriteLine(Separation);
        string text = FloodJson.Write(result);
        ResultFile.Write(Path.Combine(Bench.Root, "artifacts", "flood", "floods.json"), text);
        if (options.IsWhole) ResultFile.Write(Path.Combine(Bench.Root, "docs", "security", "floods.json"), text);
        return Conclude(Missed(programs.FirstOrDefault(static program => program.Name == FloodContender.OurName)));
    }

    /// <summary>Says which bars are missed.</summary>
    /// <returns>The exit code.</returns>
    internal static int Conclude(IEnumerable<string> missed)
    {
        string[] all = [.. missed];
        foreach (string miss in all) Console.WriteLine($"FAILED: {miss}");
        Console.WriteLine(all.Length == 0 ? "flood: passed" : "flood: FAILED");
        return all.Length == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Missed(FloodedProgram? ours)
    {
        foreach (FloodKind kind in FloodKind.All)
        {
            if (ours is null || !ours.Floods.TryGetValue($"{kind.Letter}", out FloodFigures? figures)) continue;
            if (!(figures.Kept >= kind.Bar)) yield return $"({kind.Letter}) keeps {figures.Kept:P0} of its throughput, and {kind.Bar:P0} is the bar";
            if (figures.Rekey is null) yield return $"({kind.Letter}) no new handshake";
        }

        if (ours?.PeakMemory > MemoryBar) yield return $"resident memory grew to {ours.PeakMemory / 1e6:F1} MB, and {MemoryBar / 1e6:F0} MB is the bar";
    }

    private static FloodedProgram Join(string name, string path, List<FloodRun> runs)
    {
        var floods = new SortedDictionary<string, FloodFigures>();
        foreach (string letter in runs[0].Floods.Keys) floods[letter] = Median([.. runs.Select(run => run.Floods[letter])]);
        return new FloodedProgram(
            name,
            Programs.Version(path),
            Statistics.Median([.. runs.Select(static run => run.Calm[0])]),
            Statistics.Median([.. runs.Select(static run => run.Calm[1])]),
            Statistics.Median([.. runs.Select(static run => run.Calm[2])]),
            runs.Max(static run => run.PeakMemory),
            floods);
    }

    private static FloodFigures Median(IReadOnlyList<FloodFigures> rounds)
    {
        return new FloodFigures
        {
            ControlThroughput = Of(static figures => figures.ControlThroughput),
            Kept = Of(static figures => figures.Kept),
            LeastKept = rounds.Min(static figures => figures.LeastKept),
            MostKept = rounds.Max(static figures => figures.MostKept),
            ControlPing50 = Of(static figures => figures.ControlPing50),
            ControlPing99 = Of(static figures => figures.ControlPing99),
            Ping50 = Of(static figures => figures.Ping50),
            Ping99 = Of(static figures => figures.Ping99),
            PingLost = Of(static figures => figures.PingLost),
            Rekey = rounds.Any(static figures => figures.Rekey is null) ? null : Of(static figures => figures.Rekey!.Value),
            CpuPerDatagram = Of(static figures => figures.CpuPerDatagram),
            Rate = Of(static figures => figures.Rate),
        };

        double Of(Func<FloodFigures, double> value) => Statistics.Median([.. rounds.Select(value)]);
    }
}
