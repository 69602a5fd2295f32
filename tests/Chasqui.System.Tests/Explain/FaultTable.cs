using System.Text.Json;
using Chasqui.Core.Explain;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>The tables of faults in docs/explain.md; <c>CHASQUI_RECORD_FAULTS=1</c> writes them anew from what was said.</summary>
internal static class FaultTable
{
    private static string Path => $"{Programs.Repository()}/docs/explain.md";

    /// <summary>Writes the table, or fails the test if it is not that of the document: the same faults, with the same codes.</summary>
    public static void Hold(string table, IReadOnlyList<(Fault Fault, FaultResult Result)> rows)
    {
        string text = File.ReadAllText(Path), first = $"<!-- the table of {table}: written by ExplainFaultTests -->";
        int begin = text.IndexOf(first, StringComparison.Ordinal) + first.Length;
        int end = text.IndexOf($"<!-- end of the table of {table} -->", StringComparison.Ordinal);
        Assert.True(begin >= first.Length && end > begin, $"{Path} has no place for the table of {table}");
        if (Environment.GetEnvironmentVariable("CHASQUI_RECORD_FAULTS") == "1")
        {
            string written = string.Concat(rows.Select(row => $"| {row.Fault.Name} | {Cell(row.Result.Left)} | {Cell(row.Result.Right)} |\n"));
            File.WriteAllText(Path, $"{text[..begin]}\n| Fault | The left end says | The right end says |\n|---|---|---|\n{written}{text[end..]}");
            return;
        }

        string[] recorded = [.. text[begin..end].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(Codes)];
        Assert.Equal(recorded, rows.Select(row => $"{row.Fault.Name}: {Code(row.Result.Left)}, {Code(row.Result.Right)}"));
    }

    private static string Cell(FaultVerdict verdict) => verdict.Code is null ? Code(verdict) : $"`{Code(verdict)}`: {verdict.Sentence}";

    private static string Code(FaultVerdict verdict) => verdict.Code is { } code ? JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString())
        : verdict.Report.State == ExplainState.Healthy ? "healthy" : "nothing to tell";

    /// <summary>A row without its sentences.</summary>
    private static string Codes(string row)
    {
        string[] cells = [.. row.Split('|', StringSplitOptions.TrimEntries)];
        return $"{cells[1]}: {First(cells[2])}, {First(cells[3])}";
    }

    private static string First(string cell) => cell.StartsWith('`') ? cell.Split('`')[1] : cell;
}
