using System.Globalization;
using System.Text.RegularExpressions;

namespace Chasqui.Siege.Renewal;

/// <summary>One answer that ping(8) printed with -D.</summary>
/// <param name="At">When it came, seconds since 1970.</param>
/// <param name="Milliseconds">The round trip.</param>
internal sealed partial record TimedPing(double At, double Milliseconds)
{
    /// <summary>Reads the answers, as they came.</summary>
    public static IReadOnlyList<TimedPing> ReadAll(string output) =>
        [.. AnswerPattern().Matches(output).Select(static match => new TimedPing(Number(match.Groups[1]), Number(match.Groups[2])))];

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[(\d+\.\d+)\].*time=(\d+(?:\.\d+)?) ms(?! \(DUP!\))")]
    private static partial Regex AnswerPattern();
}
