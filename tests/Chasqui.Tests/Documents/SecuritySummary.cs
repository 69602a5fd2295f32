using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chasqui.Fuzz;
using Chasqui.Fuzz.Engine;
using Chasqui.Siege.Flood;
using Chasqui.Siege.Renewal;

namespace Chasqui.Tests.Documents;

/// <summary>The long runs in a line each: what was asked for, what came out, and whether that is enough.</summary>
internal static class SecuritySummary
{
    // The simulator looks once a second, with a burst of a fifth of a second that begins after 16 s at the latest.
    private const double LastBurstSeconds = 16.3;

    private const double Leak = 10, LeastDifference = 0.005;

    private const string Core = "storm";

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
        .. SecurityFigures.Read("renewals.json").Select(Renewal),
    ];

    private static IEnumerable<string> Fuzz(JsonNode[] targets)
    {
        ILookup<bool, JsonNode> all = targets.ToLookup(static target => (string)target["target"]! == Core);
        JsonNode core = all[true].Single();
        string[] lacking = [.. all[false].Where(static target => !HasItsNumber(target)).Select(static target => $"`{target["target"]}`")];
        yield return Row("fuzzing: datagrams at a live session", $"{(long)core["entries"]!:N0}", $"{GoalOf(core):N0}", HasItsNumber(core));
        yield return Row(
            "fuzzing: entries into each other target",
            $"{all[false].Count() - lacking.Length} of {all[false].Count()} targets have them{(lacking.Length > 0 ? "; not yet " : "")}{string.Join(", ", lacking)}",
            $"{all[false].Max(GoalOf):N0}",
            lacking.Length == 0);
        long findings = targets.Sum(static target => (long)target["findings"]!);
        yield return Row("fuzzing: inputs that break something now", $"{findings}", "0", findings == 0);
    }

    private static bool HasItsNumber(JsonNode target) => (long)target["entries"]! >= GoalOf(target);

    private static long GoalOf(JsonNode target) => Campaign.GoalOf(FuzzTargets.Find((string)target["target"]!)!);

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
        JsonNode ours = run["programs"]!.AsArray().First(static program => (string)program!["name"]! == FloodContender.OurName)!;
        KeyValuePair<string, JsonNode?>[] floods = [.. ours["floods"]!.AsObject()];
        double KeptOf(FloodKind kind) => (double)ours["floods"]![$"{kind.Letter}"]!["kept"]!;
        bool hasRekeys = floods.All(static flood => flood.Value!["rekey"] is not null);
        foreach (IGrouping<double, FloodKind> kinds in FloodKind.All.GroupBy(static kind => kind.Bar).OrderByDescending(static kinds => kinds.Key))
        {
            double worst = kinds.Min(KeptOf);
            yield return Row(
                $"floods {string.Join(", ", kinds.Select(static kind => $"({kind.Letter})"))}: throughput kept", $"{worst:P0} at least", $"{kinds.Key:P0}", worst >= kinds.Key);
        }

        yield return Row("floods: a new handshake in each", hasRekeys ? "yes" : "no", "yes", hasRekeys);
        yield return Row("floods: memory at most", $"{(double)ours["peakMemory"]! / 1e6:F1} MB", $"bounded: {FloodCommand.MemoryBar / 1e6:F0} MB", (double)ours["peakMemory"]! <= FloodCommand.MemoryBar);
    }

    private static string Renewal(JsonNode run)
    {
        JsonNode floods = run["programs"]!.AsArray().First(static program => (string)program!["name"]! == FloodContender.OurName)!["floods"]!;
        RenewalFigures[] all = [.. FloodKind.All.Select(kind => floods[$"{kind.Letter}"].Deserialize<RenewalFigures>(JsonSerializerOptions.Web)!)];
        return Row(
            "floods, beside a stream and pings: the session is renewed in its time",
            $"{all.Min(static flood => flood.RenewedAt ?? double.NaN):F1} to {all.Max(static flood => flood.RenewedAt ?? double.NaN):F1} s old; no answer for {all.Max(static flood => flood.LongestSilence):F1} s at most",
            $"before {RenewalCommand.Bar:F0} s",
            all.All(static flood => flood.RenewedAt <= RenewalCommand.Bar));
    }

    private static string Row(string what, FormattableString figure, FormattableString asked, bool isMet) => Row(what, figure.ToString(Invariant), asked.ToString(Invariant), isMet);

    private static string Row(string what, FormattableString figure, string asked, bool isMet) => Row(what, figure.ToString(Invariant), asked, isMet);

    private static string Row(string what, string figure, string asked, bool isMet) => $"| {what} | {figure} | {asked} | {(isMet ? "met" : "**not met**")} |";
}
