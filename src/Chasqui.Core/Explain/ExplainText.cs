using System.Globalization;

namespace Chasqui.Core.Explain;

/// <summary>Times and counts as the sentences have them.</summary>
internal static class ExplainText
{
    /// <summary>How long, in the largest unit that it has two of.</summary>
    internal static string Time(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => Count((long)Math.Max(0, span.TotalSeconds), "second"),
        { TotalMinutes: < 120 } => Count((long)span.TotalMinutes, "minute"),
        { TotalHours: < 48 } => Count((long)span.TotalHours, "hour"),
        _ => Count((long)span.TotalDays, "day"),
    };

    /// <summary><c>2026-11-23 12:00:00 UTC</c>.</summary>
    internal static string Date(long unixNanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(unixNanoseconds / TimeSpan.NanosecondsPerTick)
        .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary><c>1 packet</c>, <c>2 packets</c>.</summary>
    internal static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
