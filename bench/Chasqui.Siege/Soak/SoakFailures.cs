using System.Globalization;

namespace Chasqui.Siege.Soak;

/// <summary>What is demanded of figures.</summary>
internal static class SoakFailures
{
    /// <summary>In sentences, what grows and what drifts.</summary>
    public static IEnumerable<string> Of(IEnumerable<SoakTrend> trends, IEnumerable<Drift> drifts)
    {
        foreach (SoakTrend trend in trends.Where(static trend => !trend.Trend.IsFlat))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{trend.What} grows: by {trend.Trend.Growth:F2} {trend.Unit}, and {trend.Trend.Allowed:F2} is allowed");
        }

        foreach (Drift drift in drifts.Where(static drift => drift.By != 0))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{drift.What}: {drift.Ours:F0} and {drift.Theirs:F0} drift apart");
        }
    }
}
