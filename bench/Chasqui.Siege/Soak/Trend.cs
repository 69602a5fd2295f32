using Chasqui.Compare.Report;

namespace Chasqui.Siege.Soak;

/// <summary>Whether something grows, after the first third of a run, which is for warming up.</summary>
/// <param name="Median">The middle of the values after the warm-up.</param>
/// <param name="Growth">By how much the values rose from the warm-up's end to the run's: the median slope between all pairs, times the time.</param>
/// <param name="Allowed">How much that may be.</param>
/// <remarks>The slope is Theil's and Sen's: single peaks, as of a moment in which the collector is late, do not move it.</remarks>
internal sealed record Trend(double Median, double Growth, double Allowed)
{
    private const int WarmUpDivisor = 3;
    private const int MostPoints = 400; // of which all pairs are compared

    /// <summary>Whether it is flat, or falls.</summary>
    public bool IsFlat => Growth <= Allowed;

    /// <summary>Looks at values in the order of their times.</summary>
    /// <param name="times">Seconds.</param>
    /// <param name="values">As many.</param>
    /// <param name="share">How much of the median the growth may be.</param>
    /// <param name="floor">How much it may be in any case.</param>
    public static Trend Of(IReadOnlyList<double> times, IReadOnlyList<double> values, double share, double floor)
    {
        int first = times.Count / WarmUpDivisor, step = Math.Max(1, (times.Count - first) / MostPoints);
        List<double> slopes = [], kept = [];
        for (int i = first; i < times.Count; i += step)
        {
            kept.Add(values[i]);
            for (int j = i + step; j < times.Count; j += step) slopes.Add((values[j] - values[i]) / (times[j] - times[i]));
        }

        double median = kept.Count == 0 ? 0 : Statistics.Median(kept);
        double growth = slopes.Count == 0 ? 0 : Statistics.Median(slopes) * (times[^1] - times[first]);
        return new Trend(median, growth, Math.Max(floor, share * median));
    }
}
