using System.Diagnostics;
using System.Globalization;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz;

/// <summary>The program's few words.</summary>
internal static class CommandLine
{
    private const int DefaultSeconds = 60;
    private const int MaxSeconds = 24 * 60 * 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["instrument", string folder]:
                Instrumentation.CopyTo(folder);
                return 0;
            case ["child-of-afl", string name] when FuzzTargets.Find(name) is { } target:
                AflChild.Run(target);
                return 0;
            case ["grow", string name, .. string[] rest] when FuzzTargets.Find(name) is { } target:
                return Fuzz(target, Seconds(rest), Seed(rest), isKeeping: true) ? 0 : 1;
            case ["campaign", .. string[] rest] when Seconds(rest) > 0 && rest.Skip(1).All(name => FuzzTargets.Find(name) is not null):
                return RunCampaign(Seconds(rest), [.. rest.Skip(1)]) ? 0 : 1;
            case ["all", .. string[] rest]:
                return FuzzAll(Seconds(rest), Seed(rest)) ? 0 : 1;
            case [string name, string file] when File.Exists(file) && FuzzTargets.Find(name) is { } target:
                return Reproduce(target, file) ? 0 : 1;
            case [string name, .. string[] rest] when FuzzTargets.Find(name) is { } target && (rest is [] || Seconds(rest) > 0):
                return Fuzz(target, Seconds(rest), Seed(rest), isKeeping: false) ? 0 : 1;
            case []:
                Usage();
                return 0;
            default:
                Console.Error.WriteLine($"fuzz: there is a word that is no target, no number of seconds and no file in `{string.Join(' ', arguments)}'");
                Usage();
                return 2;
        }
    }

    private static void Usage()
    {
        Console.WriteLine("""
            usage: ./build.sh fuzz TARGET [SECONDS [SEED]]    runs a target (default 60 s); exit 1 if it found something
                   ./build.sh fuzz TARGET FILE                runs one input again
                   ./build.sh fuzz all [SECONDS [SEED]]       every target, SECONDS each
                   ./build.sh fuzz grow TARGET [SECONDS [SEED]]
                                                              as the first, and adds what reached new branches to fuzz/corpus/TARGET
                   ./build.sh fuzz afl TARGET [SECONDS]       the same target under AFL++, from Debian
                   ./build.sh fuzz campaign [SECONDS [TARGET...]]
                                                              every target, or those named, SECONDS each at most, until it has its number
                                                              of entries in all campaigns; adds to docs/security/fuzz.jsonl and to the corpus
            targets
            """);
        foreach (IFuzzTarget target in FuzzTargets.All)
        {
            Console.WriteLine($"  {target.Name,-10} {target.Summary}");
        }
    }

    private static int Seconds(string[] rest) => rest is []
        ? DefaultSeconds
        : int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? Math.Min(seconds, MaxSeconds) : 0;

    private static int Seed(string[] rest) =>
        rest is [_, string text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : Random.Shared.Next();

    private static bool Reproduce(IFuzzTarget target, string file)
    {
        FuzzFinding? finding = FuzzFinding.Of(target, File.ReadAllBytes(file));
        Console.WriteLine(finding is null ? $"{target.Name}: {file} breaks nothing" : $"{target.Name}: {finding.Exception}");
        return finding is null;
    }

    /// <summary>Every target, whatever became of those before.</summary>
    private static bool FuzzAll(int seconds, int seed)
    {
        bool isClean = true;
        foreach (IFuzzTarget target in FuzzTargets.All)
        {
            isClean &= Fuzz(target, seconds, seed, isKeeping: false);
        }

        return isClean;
    }

    private static bool RunCampaign(int seconds, string[] names)
    {
        if (Storage.ReadCrashes() is { Count: > 0 } left)
        {
            Console.Error.WriteLine($"fuzz: findings of before are left: {string.Join(", ", left)}; run each again (./build.sh fuzz TARGET FILE), make a test of it, and delete the file");
            return false;
        }

        bool isClean = true;
        foreach (IFuzzTarget target in FuzzTargets.All.Where(target => names is [] || names.Contains(target.Name)))
        {
            isClean &= Campaign.Run(target, seconds, (piece, found) => Piece(target, found, piece, Random.Shared.Next()));
        }

        return isClean;
    }

    private static bool Fuzz(IFuzzTarget target, int seconds, int seed, bool isKeeping)
    {
        FuzzReport report = Piece(target, [], seconds, seed);
        if (isKeeping)
        {
            Storage.AddToCorpus(target, report.Found);
        }

        return report.Finding is null;
    }

    /// <summary>Runs a target on its corpus and more, watched, and prints what came of it.</summary>
    private static FuzzReport Piece(IFuzzTarget target, IReadOnlyList<byte[]> more, int seconds, int seed)
    {
        // Said first, because a run that kills the process says nothing afterwards.
        Console.WriteLine($"{target.Name}: {seconds} s, seed {seed}");
        var loop = new FuzzLoop(target, Storage.ReadCorpus(target.Name).Concat(more), seed);
        FuzzReport report;
        using (new Timer(_ => EndIfStuck(target, loop), null, Patience, TimeSpan.FromSeconds(1)))
        {
            report = loop.Run(TimeSpan.FromSeconds(seconds));
        }

        Print(target, report);
        if (report.Finding is { } finding)
        {
            PrintFinding(target, finding.Minimized(target), seed);
        }

        return report;
    }

    private static void Print(IFuzzTarget target, FuzzReport report)
    {
        string coverage = report.Edges == 0 ? "no coverage (not instrumented)" : $"{report.Edges} edges, {report.Found.Count} inputs that reached new ones";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {report.Executions} executions, {report.Executions / report.Elapsed.TotalSeconds:F0} a second, {coverage}"));
    }

    private static void PrintFinding(IFuzzTarget target, FuzzFinding finding, int seed)
    {
        string file = Storage.WriteCrash(target.Name, finding.Input);
        Console.WriteLine($"{target.Name}: FOUND with seed {seed}, {finding.Input.Length} bytes: {finding.Exception}");
        Console.WriteLine($"again: ./build.sh fuzz {target.Name} {file}");
    }

    private static void EndIfStuck(IFuzzTarget target, FuzzLoop loop)
    {
        if (loop.Current is { } attempt && Stopwatch.GetElapsedTime(attempt.Since) > Patience)
        {
            Console.WriteLine($"{target.Name}: FOUND an input that runs for more than {Patience.TotalSeconds} s: {attempt.Input.Length} bytes");
            Console.WriteLine($"again: ./build.sh fuzz {target.Name} {Storage.WriteCrash(target.Name, attempt.Input)}");
            Environment.Exit(1);
        }
    }
}
