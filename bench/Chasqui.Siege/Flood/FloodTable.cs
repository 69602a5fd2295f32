using System.Globalization;

namespace Chasqui.Siege.Flood;

/// <summary>Figures for people.</summary>
internal static class FloodTable
{
    /// <summary>One flood in one line.</summary>
    public static string Line(FloodKind kind, FloodFigures figures)
    {
        string rekey = figures.Rekey is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"after {seconds:F1} s") : "NONE";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"({kind.Letter}) {kind.Title}, {figures.Rate:F0}/s: keeps {figures.Kept:P0} of {figures.ControlThroughput:F0} Mbit/s; "
            + $"ping p50 {figures.ControlPing50:F3} -> {figures.Ping50:F3} ms, p99 {figures.ControlPing99:F3} -> {figures.Ping99:F3} ms, lost {figures.PingLost:P1}; "
            + $"new handshake {rekey}; {figures.CpuPerDatagram:F2} us a datagram");
    }

    /// <summary>All floods as a table in Markdown, one row for each flood and program.</summary>
    public static IReadOnlyList<string> Markdown(IReadOnlyList<FloodedProgram> programs)
    {
        List<string> lines =
        [
            "| flood | daemon | throughput kept (turns) | ping p50, ms | ping p99, ms | pings lost | new handshake | CPU a datagram |",
            "|---|---|--:|--:|--:|--:|--:|--:|",
        ];
        foreach (FloodKind kind in FloodKind.All)
        {
            foreach (FloodedProgram program in programs)
            {
                if (program.Floods.TryGetValue($"{kind.Letter}", out FloodFigures? figures)) lines.Add(Row(kind, program.Name, figures));
            }
        }

        return [.. lines, "", .. programs.Select(static program => string.Create(CultureInfo.InvariantCulture, $"- {program.Name}: peak memory {program.PeakMemory / 1e6:F1} MB"))];
    }

    private static string Row(FloodKind kind, string name, FloodFigures figures)
    {
        string rekey = figures.Rekey is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s") : "none";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| ({kind.Letter}) {kind.Title} | {name} | {figures.Kept:P0} ({figures.LeastKept:P0}–{figures.MostKept:P0}) of {figures.ControlThroughput:F0} Mbit/s "
            + $"| {figures.ControlPing50:F2} → {figures.Ping50:F2} | {figures.ControlPing99:F2} → {figures.Ping99:F2} | {figures.PingLost:P1} | {rekey} | {figures.CpuPerDatagram:F2} µs |");
    }
}
