using System.Globalization;
using System.Text.RegularExpressions;

namespace Chasqui.Compare.Measures;

/// <summary>What ping(8) printed: the time of each answer, and how many were asked for.</summary>
/// <param name="Milliseconds">Round trips, as they came.</param>
/// <param name="Sent">Requests.</param>
internal sealed partial record PingTimes(IReadOnlyList<double> Milliseconds, int Sent)
{
    /// <summary>The share of requests without an answer, 0 to 1.</summary>
    public double Lost => Sent == 0 ? 1 : Math.Max(0, 1 - ((double)Milliseconds.Count / Sent));

    /// <summary>Reads the output.</summary>
    /// <exception cref="LabException">It is not the output of a ping that has ended.</exception>
    public static PingTimes Read(string output)
    {
        Match sent = SentPattern().Match(output);
        if (!sent.Success) throw new LabException($"ping gave no result: {output.Trim()}");
        double[] times = [.. TimePattern().Matches(output).Select(match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];
        return new PingTimes(times, int.Parse(sent.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"time=(\d+(?:\.\d+)?) ms(?! \(DUP!\))")]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"(\d+) packets transmitted")]
    private static partial Regex SentPattern();
}
