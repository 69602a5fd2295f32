using System.Globalization;
using System.Text.Json.Nodes;

namespace Chasqui.Tests.Documents;

/// <summary>The long runs in a line each: what was asked for, what came out, and whether that is enough.</summary>
internal static class SecuritySummary
{
    private const long EntriesOfTheCore = 100_000_000, EntriesOfATarget = 10_000_000;

    // The simulator looks once a second, with a burst of a fifth of a second that begins after 16 s at the latest.
    private const double LastBurstSeconds = 16.3;

    private const double Leak = 10, LeastDifference = 0.005;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>The table; runs that have left no file have no line.</summary>
    internal static IEnumerable<string> Render() =>
    [
        "### Summary",
        "",
        "| what | figure | asked for | |",
        "|---|---|---|---|",
        .. SecurityFigures.Read("fuzz.jsonl") is { Length: > 0 } targets ? Fuzz(targets) : [],
        .. SecurityFigures.Read("simulation.json").Select(Simulation),
        .. SecurityFigures.Read("timing.jsonl") is { Length: > 0 } subjects ? [Timing(subjects)] : Array.Empty<string>(),
        .. SecurityFigures.Read("soak.json").Select(Soak),
        .. SecurityFigures.Read("floods.json").SelectMany(Floods),
    ];

    private static IEnumerable<string> Fuzz(JsonNode[] targets)
    {
        long core = targets.Where(static target => (string)target["target"]! == "storm").Sum(static target => (long)target["entries"]!);
        JsonNode[] others = [.. targets.Where(static target => (string)target["target"]! != "storm")];
        string[] lacking = [.. others.Where(static target => (long)target["entries"]! < EntriesOfATarget).Select(static target => $"`{target["target"]}`")];
        yield return Row("fuzzing: datagrams at a live session", $"{core:N0}", $"{EntriesOfTheCore:N0}", core >= EntriesOfTheCore);
        yield return Row(
            "fuzzing: entries into each other target",
            $"{others.Length - lacking.Length} of {others.Length} targets have them{(lacking.Length > 0 ? "; not yet " : "")}{string.Join(", ", lacking)}",
            $"{EntriesOfATarget:N0}",
            lacking.Length == 0);
        yield return Row("fuzzing: inputs that break something now", $"{targets.Sum(static target => (long)target["findings"]!)}", "0", targets.All(static target => (long)target["findings"]! == 0));
    }

    private static string Simulation(JsonNode run) => Row(
        "simulator: traffic after the network has healed",
        $"within {run["slowestSeconds"]} s, {(double)run["virtualDays"]! / 365.25:F1} virtual years, {(long)run["walks"]!:N0} seeds",
        "within 16 s, looked at once a second",
        (double)run["slowestSeconds"]! <= LastBurstSeconds);

    private static string Timing(JsonNode[] subjects)
    {
        JsonNode[] ours = [.. subjects.Where(static subject => !(bool)subject["isControl"]!)];
        int leaks = ours.Count(static subject => (double)subject["t"]! > Leak && (double)subject["difference"]! > LeastDifference);
        return Row("timing: what touches secrets", $"{leaks} of {ours.Length} tell them; largest t {ours.Max(static subject => (double)subject["t"]!):F1}", "0", leaks == 0);
    }

    private static string Soak(JsonNode run) => Row(
        "soak: transfers whole, memory and descriptors flat, counters without drift",
        $"{(double)run["seconds"]! / 3600:F1} hours, {run["wholeTransfers"]} transfers, {run["failures"]!.AsArray().Count} demands missed",
        "2 hours, none missed",
        (bool)run["passed"]! && (double)run["seconds"]! >= 7200);

    private static IEnumerable<string> Floods(JsonNode run)
    {
        JsonNode ours = run["programs"]!.AsArray().First(static program => (string)program!["name"]! == "chasqui")!;
        KeyValuePair<string, JsonNode?>[] floods = [.. ours["floods"]!.AsObject()];
        double worst = floods.Where(static flood => flood.Key != "c").Min(static flood => (double)flood.Value!["kept"]!), third = (double)ours["floods"]!["c"]!["kept"]!;
        bool hasRekeys = floods.All(static flood => flood.Value!["rekey"] is not null);
        yield return Row("floods (a), (b), (d), (e), (f): throughput kept", $"{worst:P0} at least", "80 %", worst >= 0.8);
        yield return Row("flood (c): throughput kept", $"{third:P0}", "50 %", third >= 0.5);
        yield return Row("floods: a new handshake in each", hasRekeys ? "yes" : "no", "yes", hasRekeys);
        yield return Row("floods: memory at most", $"{(double)ours["peakMemory"]! / 1e6:F1} MB", "bounded: 64 MB", (double)ours["peakMemory"]! < 64e6);
    }

    private static string Row(string what, FormattableString figure, FormattableString asked, bool isMet) => Row(what, figure.ToString(Invariant), asked.ToString(Invariant), isMet);

    private static string Row(string what, FormattableString figure, string asked, bool isMet) => Row(what, figure.ToString(Invariant), asked, isMet);

    private static string Row(string what, string figure, string asked, bool isMet) => $"| {what} | {figure} | {asked} | {(isMet ? "met" : "**not met**")} |";
}
