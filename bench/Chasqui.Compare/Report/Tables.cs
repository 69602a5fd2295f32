using System.Globalization;

namespace Chasqui.Compare.Report;

/// <summary>Cells and tables of Markdown.</summary>
internal static class Tables
{
    /// <summary>"2.87 (2.70-2.95)", or a dash.</summary>
    public static string Cell(Spread? spread, int decimals)
    {
        if (spread is not Spread it) return "-";
        string format = $"F{decimals}";
        string median = it.Median.ToString(format, CultureInfo.InvariantCulture);
        return $"{median} ({it.Least.ToString(format, CultureInfo.InvariantCulture)}-{it.Greatest.ToString(format, CultureInfo.InvariantCulture)})";
    }

    /// <summary>"1 round", "3 rounds".</summary>
    public static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    /// <summary>A table: the first row is the heading, and only the first column is not a number.</summary>
    public static string Markdown(IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Concat(new[] { heading, [.. heading.Select((_, i) => i == 0 ? "---" : "---:")] }.Concat(rows).Select(Row));

    private static string Row(IReadOnlyList<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
