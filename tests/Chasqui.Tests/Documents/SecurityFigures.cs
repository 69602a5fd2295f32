using System.Globalization;
using System.Text.Json.Nodes;

namespace Chasqui.Tests.Documents;

/// <summary>The tables of docs/security.md, from the files that the long runs leave in docs/security.</summary>
internal static class SecurityFigures
{
    // A run of before a figure was counted has no row for it.
    private static readonly (string Name, string What)[] SimulationRows =
    [
        ("virtualDays", "days of virtual time"),
        ("daysAwake", "of them with no host suspended"),
        ("datagrams", "datagrams"),
        ("refusedSources", "packets refused for an inner source that is not the peer's"),
        ("healings", "healings"),
        ("linkHealings", "of them of links and addresses alone"),
        ("linkDirections", "directions between hosts that agreed, in those"),
    ];

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>All of them, in the order of the page; runs that have left no file have none.</summary>
    public static string Render() => string.Join(
        "\n\n",
        new[] { string.Join('\n', SecuritySummary.Render()), Section("fuzz.jsonl", Fuzz), Section("simulation.json", Simulation), Section("timing.jsonl", Timing), Section("soak.json", Soak), Section("floods.json", Floods), Section("renewals.json", Renewals) }
            .Where(section => section.Length > 0)) + "\n";

    /// <summary>What a run has left; nothing if it has left no file.</summary>
    internal static JsonNode[] Read(string file)
    {
        string path = Document.Path("security", file);
        return !File.Exists(path) ? []
            : file.EndsWith('l') ? [.. File.ReadLines(path).Select(line => JsonNode.Parse(line)!)]
            : [JsonNode.Parse(File.ReadAllText(path))!];
    }

    private static string Section(string file, Func<JsonNode[], IEnumerable<string>> render) =>
        Read(file) is { Length: > 0 } records ? string.Join('\n', render(records)) : "";

    private static IEnumerable<string> Fuzz(JsonNode[] targets) =>
    [
        "### `./build.sh fuzz campaign`",
        "",
        "An entry is what the invariants are checked for; an input of `storm` is 4,096 of them, one of `x25519` four (in early runs it was one).",
        "",
        "| target | inputs | entries into the code under test | hours | edges reached | findings |",
        "|---|--:|--:|--:|--:|--:|",
        .. targets.Select(target => string.Create(
            Invariant, $"| `{target["target"]}` | {(long)target["inputs"]!:N0} | {(long)target["entries"]!:N0} | {(long)target["seconds"]! / 3600.0:F2} | {Edges((int)target["edges"]!)} | {target["findings"]} |")),
        string.Create(Invariant, $"| all | {targets.Sum(target => (long)target["inputs"]!):N0} | {targets.Sum(target => (long)target["entries"]!):N0} | {targets.Sum(target => (long)target["seconds"]!) / 3600.0:F2} | | |"),
    ];

    private static string Edges(int edges) => edges == 0 ? "not instrumented" : edges.ToString("N0", Invariant);

    private static IEnumerable<string> Simulation(JsonNode[] runs)
    {
        JsonNode run = runs[0];
        return
        [
            "### `./build.sh simulate`",
            "",
            string.Create(
                Invariant,
                $"{(long)run["walks"]!:N0} histories of three hosts, seeds from {run["seed"]} on, in {run["seconds"]} s. Traffic flowed within {run["slowestSeconds"]} s after each healing."),
            "",
            "| what | how much |",
            "|---|--:|",
            .. SimulationRows.Where(row => run[row.Name] is not null).Select(row => string.Create(Invariant, $"| {row.What} | {(double)run[row.Name]!:#,0.##} |")),
        ];
    }

    private static IEnumerable<string> Timing(JsonNode[] subjects) =>
    [
        "### `./build.sh timing`",
        "",
        $"{subjects[0]["on"]}. The largest t of Welch's test over eight percentiles, and how far the means lie apart there: above 10 and 0.5 % is a leak, and the control has one on purpose.",
        "",
        "| subject | two classes of secrets | measurements | t | means apart |",
        "|---|---|--:|--:|--:|",
        .. subjects.Select(subject => string.Create(
            Invariant, $"| {subject["subject"]} | {subject["classes"]} | {(long)subject["measurements"]!:N0} | {(double)subject["t"]!:F1} | {(double)subject["difference"]! * 100:F2} % |")),
    ];

    private static IEnumerable<string> Soak(JsonNode[] runs)
    {
        JsonNode run = runs[0];
        return
        [
            $"### `{((string)run["command"]!).Split(" --out")[0]}`",
            "",
            string.Create(
                Invariant,
                $"{MachineOf(run)}. {(double)run["seconds"]! / 3600:F1} hours: {run["wholeTransfers"]} transfers whole, {(long)run["transferredBytes"]! / 1e9:F1} GB; {run["handshakes"]} handshakes, {run["mappings"]} addresses; {(long)run["datagrams"]!:N0} datagrams, of which {run["lost"]} were lost, {run["corrupted"]} altered and {run["repeated"]} repeated."),
            "",
            .. run["failures"]!.AsArray().Select(failure => $"- Demand that failed: {failure}"),
            "",
            "| trend after the first third | first | greatest | last | growth | allowed |",
            "|---|--:|--:|--:|--:|--:|",
            .. run["trends"]!.AsArray().Select(trend => string.Create(
                Invariant,
                $"| {trend!["what"]} {trend["unit"]} | {(double)trend["first"]!:F1} | {(double)trend["greatest"]!:F1} | {(double)trend["last"]!:F1} | {(double)trend["trend"]!["growth"]!:F2} | {(double)trend["trend"]!["allowed"]!:F2} |")),
            "",
            "| counter | the daemon's | the other's | drift |",
            "|---|--:|--:|--:|",
            .. run["drifts"]!.AsArray().Select(drift => string.Create(
                Invariant, $"| {drift!["what"]} | {(double)drift["ours"]!:F0} | {(double)drift["theirs"]!:F0} | {(double)drift["by"]!:F0} |")),
        ];
    }

    private static IEnumerable<string> Floods(JsonNode[] runs) =>
    [
        $"### `{runs[0]["command"]}`",
        "",
        $"{MachineOf(runs[0])}. {runs[0]["separation"]}",
        "",
        .. runs[0]["table"]!.AsArray().Select(line => (string)line!),
    ];

    private static IEnumerable<string> Renewals(JsonNode[] runs) =>
    [
        $"### `{runs[0]["command"]}`",
        "",
        $"{MachineOf(runs[0])}. A stream, pings ten times a second and a session that comes to its 120 seconds, all at the same time; the flood goes to the daemon and to a port that nobody reads by turns of ten seconds, the last of them from the 110th to the 135th second.",
        "",
        .. runs[0]["table"]!.AsArray().Select(line => (string)line!),
    ];

    private static string MachineOf(JsonNode run) =>
        string.Create(Invariant, $"{run["machine"]!["processor"]}, {run["machine"]!["cores"]} cores, Linux {run["machine"]!["kernel"]}");
}
