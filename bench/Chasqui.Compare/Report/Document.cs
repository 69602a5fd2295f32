using System.Globalization;
using System.Text;
using Chasqui.Compare.Measures;

namespace Chasqui.Compare.Report;

/// <summary>docs/performance.md: written from a run, but for the part that is written by hand, which is kept.</summary>
internal static class Document
{
    /// <summary>The line above what is written by hand.</summary>
    public const string HandBegins = "<!-- by hand: from here to the end mark nothing is generated, and all of it is kept -->";

    /// <summary>The line below it.</summary>
    public const string HandEnds = "<!-- by hand: end -->";

    private const string Us = "chasqui", Other = "wireguard-go";

    /// <summary>The quantities of each table, by key.</summary>
    private static readonly (string Title, string[] Keys)[] Groups =
    [
        ("Throughput", ["tcp.1", "tcp.1.back", "tcp.4", "tcp.32", "udp.1340", "udp.120", "udp.1340.batched", "udp.120.batched"]),
        ("Latency", ["ping.idle.p50", "ping.idle.p99", "ping.load.p50", "ping.load.p99"]),
        ("Cost", ["cpu", "memory", "wakeups", "start"]),
        ("Connections and handshakes", ["connections.1", "connections.32", "handshakes", "handshakes.cpu", "handshakes.first"]),
    ];

    /// <summary>Writes the file anew.</summary>
    public static void Write(string path, Results results)
    {
        string before = File.Exists(path) ? File.ReadAllText(path) : "";
        File.WriteAllText(path, Make(results, HandWritten(before)));
    }

    /// <summary>What stands between the marks; empty if they are not there.</summary>
    public static string HandWritten(string text)
    {
        int begin = text.IndexOf(HandBegins, StringComparison.Ordinal), end = text.LastIndexOf(HandEnds, StringComparison.Ordinal);
        return begin < 0 || end < begin ? "" : text[(begin + HandBegins.Length)..end].Trim('\n');
    }

    /// <summary>The whole text.</summary>
    public static string Make(Results results, string handWritten)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Performance

            Measured side by side by `{results.Command}` on {results.Date} UTC. That command writes everything here but
            the part between the last two marks.
            {Where(results)}

            ![TCP throughput](charts/throughput.svg)
            ![ping](charts/ping.svg)
            ![ping beside a TCP stream](charts/latency-under-load.svg)

            ## What was to be reached

            Ratios of medians of this run, against {Title(results.Find(Other))} unless it says otherwise.

            {BarTable(results)}

            """);
        string[] grouped = [.. Groups.SelectMany(group => group.Keys)];
        foreach ((string title, string[] keys) in Groups)
        {
            AppendGroup(text, results, title, keys);
            if (keys.Contains("udp.1340")) AppendLimits(text, results);
        }

        string[] others = [.. results.Quantities.Where(quantity => !quantity.IsFootnote).Select(quantity => quantity.Key).Except(grouped)];
        AppendGroup(text, results, "More", others);
        AppendMissing(text, results);
        text.Append(Method(results)).Append('\n');
        text.Append(HandBegins).Append("\n\n").Append(handWritten.Trim('\n')).Append("\n\n").Append(HandEnds).Append('\n');
        return text.ToString();
    }

    private static string Where(Results results) => $"""
        {results.Machine.Processor}, {results.Machine.Cores} cores, {results.Machine.Memory} GB, Linux {results.Machine.Kernel}, {results.Machine.System}.
        Both daemons, both network stacks and the measuring programs share these cores: the figures compare, they do not promise.
        In the tables: the median of {Tables.Count(results.Rounds, "round")} (least-greatest); contenders run in turn in every round.
        """;

    private static string BarTable(Results results) => Tables.Markdown(
        ["measure", "reached", "at least", "aim", "verdict"],
        Bar.All.Select(bar => (IReadOnlyList<string>)
        [
            bar.Title,
            bar.Reached(results) is double value ? bar.Words(value) : "-",
            bar.Words(bar.AtLeast),
            bar.Words(bar.Aim),
            bar.Verdict(results),
        ]));

    private static void AppendGroup(StringBuilder text, Results results, string title, string[] keys)
    {
        Quantity[] quantities = [.. keys.Select(key => results.Quantities.Find(quantity => quantity.Key == key)).OfType<Quantity>()];
        quantities = [.. quantities.Where(quantity => results.Contenders.Exists(contender => contender.Of(quantity.Key) is not null))];
        if (quantities.Length == 0) return;
        ContenderResult[] measured =
            [.. results.Contenders.Where(contender => quantities.Any(quantity => contender.Of(quantity.Key) is not null))];
        string[] heading = ["", .. quantities.Select(quantity => $"{quantity.Title}, {quantity.Unit}")];
        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n");
        text.Append(Tables.Markdown(heading, measured.Select(contender => (IReadOnlyList<string>)
            [Title(contender), .. quantities.Select(quantity => Tables.Cell(contender.Of(quantity.Key), quantity.Decimals))])));
        text.Append('\n');
        if (results.Find(Other) is null) return;
        text.Append(CultureInfo.InvariantCulture, $"As ratios to {Other}'s medians:\n\n");
        text.Append(Tables.Markdown(["", .. quantities.Select(quantity => quantity.Title)], measured.Where(contender => contender.Name != Other)
            .Select(contender => (IReadOnlyList<string>)[Title(contender), .. quantities.Select(quantity => Times(results, contender, quantity))])));
        text.Append('\n');
    }

    /// <summary>Where the UDP search ended for another reason than the tunnel.</summary>
    private static void AppendLimits(StringBuilder text, Results results)
    {
        foreach (Quantity quantity in results.Quantities.Where(quantity => quantity.Key.EndsWith(".limited", StringComparison.Ordinal)))
        {
            string[] names =
            [
                .. results.Contenders.Where(contender => contender.Of(quantity.Key) is { Median: > 0.5 }).Select(contender => contender.Name),
            ];
            if (names.Length > 0) text.Append(CultureInfo.InvariantCulture, $"{quantity.Title}: the sender was the limit for {string.Join(", ", names)}; the tunnel may do more.\n\n");
        }

        double[] gaps = [.. results.Contenders.SelectMany(contender => contender.Values)
            .Where(pair => pair.Key.EndsWith(".step", StringComparison.Ordinal)).SelectMany(pair => pair.Value)];
        if (gaps.Length == 0) return;
        text.Append(
            CultureInfo.InvariantCulture,
            $"How sure the UDP rates are: the next rate that was tried and lost lay {Statistics.Median(gaps):F0} % above the one given (median), ");
        text.Append(CultureInfo.InvariantCulture, $"at most {gaps.Max():F0} %.\n\n");
    }

    private static void AppendMissing(StringBuilder text, Results results)
    {
        ContenderResult[] absent = [.. results.Contenders.Where(contender => contender.WhyAbsent is not null)];
        ContenderResult[] failed = [.. results.Contenders.Where(contender => contender.Failures.Count > 0)];
        if (absent.Length + failed.Length == 0) return;
        text.Append("## What is missing\n\n");
        foreach (ContenderResult contender in absent) text.Append(CultureInfo.InvariantCulture, $"- {contender.Name}: {contender.WhyAbsent}.\n");
        foreach (ContenderResult contender in failed)
        {
            foreach (IGrouping<string, string> failure in contender.Failures.GroupBy(FirstLine))
            {
                text.Append(CultureInfo.InvariantCulture, $"- {contender.Name}, {Tables.Count(failure.Count(), "time")}: {failure.Key}\n");
            }
        }

        text.Append('\n');
    }

    private static string Method(Results results) => $"""
        ## How it was measured

        `{results.Command}` (as root) repeats it on any machine; `./build.sh bench --quick` prints the ratios against
        wireguard-go in two minutes.
        Measuring programs: {results.Machine.Tools}. All numbers of all rounds: artifacts/bench/results.json.

        {Contenders(results)}
        - Two network namespaces joined by a veth pair of MTU 1500, made anew for every contender and round; nothing else runs in them. No queue
          discipline, no kernel setting and no processor affinity is changed.
        - TCP: iperf3, {results.Duration} s a transfer, goodput as the receiver counts it. CPU: user and system time of both daemons over the two
          single streams, for each GB (10^9 bytes) that arrived. A kernel's own tunnel has no daemon, and no such figure.
        - UDP: the highest rate at which at most 0.1 % is lost, by search, from right to left; a rate fails only if it fails twice, or by far.
          "One by one" is iperf3, a system call for each datagram at both ends, which is often the limit itself. "In batches" is what
          programs do that have much to send, QUIC among them: up to 64 datagrams a system call (`UDP_SEGMENT`, `UDP_GRO`), once a
          millisecond, by a sender of the bench's own.
        - ping: one request every 5 ms from right to left, some hundreds a round, with nothing else in the tunnel, and beside one TCP
          stream that goes the same way as the requests. Percentiles of each round; the median of the rounds.
        - Memory: the peak (`VmHWM`) of either daemon after everything else in the round. Wake-ups: context switches of all threads of an idle daemon.
          Start: from the first daemon's start to the first answer, with configuration by wg(8) and ip(8).


        """;

    private static string Contenders(Results results) =>
        string.Join('\n', results.Contenders.Where(one => one.WhyAbsent is null).Select(one => $"- {Title(one)}: {one.Note}."));

    private static string Title(ContenderResult? contender) =>
        contender is null ? Other
        : contender.Name == Us ? $"**{contender.Name} {contender.Version}**"
        : $"{contender.Name} {contender.Version}";

    private static string Times(Results results, ContenderResult contender, Quantity quantity) =>
        results.Ratio(contender.Name, Other, quantity.Key) is double ratio
            ? ratio.ToString(ratio < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture) + "x"
            : "-";

    private static string FirstLine(string text) => text.Split('\n')[0];
}
