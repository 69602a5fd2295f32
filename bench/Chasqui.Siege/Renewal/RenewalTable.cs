using System.Globalization;
using Chasqui.Siege.Flood;

namespace Chasqui.Siege.Renewal;

/// <summary>Figures for people.</summary>
internal static class RenewalTable
{
    /// <summary>One flood in one line.</summary>
    public static string Line(FloodKind kind, RenewalFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"({kind.Letter}) {kind.Title}: keeps {figures.Kept:P0} of {figures.ControlThroughput:F0} Mbit/s, {figures.LeastKept:P0} in its worst second; "
        + $"ping p99 {figures.ControlPing99:F2} -> {figures.Ping99:F2} ms, lost {figures.PingLost:P2}, longest silence {figures.LongestSilence:F1} s; session renewed {Age(figures)}");

    /// <summary>All floods as a table in Markdown, one row for each flood and program.</summary>
    public static IReadOnlyList<string> Markdown(IReadOnlyList<RenewedProgram> programs)
    {
        List<string> lines =
        [
            "| flood | daemon | throughput kept (worst second) | ping p99 beside it, ms | pings lost | longest silence | session renewed |",
            "|---|---|--:|--:|--:|--:|--:|",
        ];
        foreach (FloodKind kind in FloodKind.All)
        {
            lines.AddRange(programs
                .Where(program => program.Floods.ContainsKey($"{kind.Letter}"))
                .Select(program => Row(kind, program.Name, program.Floods[$"{kind.Letter}"])));
        }

        return lines;
    }

    private static string Row(FloodKind kind, string name, RenewalFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"| ({kind.Letter}) {kind.Title} | {name} | {figures.Kept:P0} ({figures.LeastKept:P0}) of {figures.ControlThroughput:F0} Mbit/s "
        + $"| {figures.ControlPing99:F2} → {figures.Ping99:F2} | {figures.PingLost:P2} | {figures.LongestSilence:F1} s | {Age(figures)} |");

    private static string Age(RenewalFigures figures) =>
        figures.RenewedAt is { } age ? string.Create(CultureInfo.InvariantCulture, $"at {age:F1} s") : "never";
}
