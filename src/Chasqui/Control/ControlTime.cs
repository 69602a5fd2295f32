using System.Globalization;
using Chasqui.Core;

namespace Chasqui.Control;

/// <summary>Times as the control protocol writes them: wall time as of RFC 3339 with nanoseconds, spans as decimal seconds.</summary>
internal static class ControlTime
{
    private const string TicksFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff";
    private const int TicksLength = 27;
    private const int NanosecondsPerTick = 100;
    private const decimal NanosecondsPerSecond = 1_000_000_000m;

    /// <summary><c>2026-11-23T12:00:00.000000000Z</c>.</summary>
    internal static string Format(long unixNanoseconds)
    {
        (long ticks, long rest) = Math.DivRem(unixNanoseconds, NanosecondsPerTick);
        if (rest < 0)
        {
            (ticks, rest) = (ticks - 1, rest + NanosecondsPerTick);
        }

        string time = DateTime.UnixEpoch.AddTicks(ticks).ToString(TicksFormat, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{time}{rest:D2}Z");
    }

    /// <summary>Reads what <see cref="Format"/> writes, to the nanosecond.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out long unixNanoseconds)
    {
        unixNanoseconds = 0;
        if (text.Length != TicksLength + 3 || text[^1] != 'Z'
            || !DateTime.TryParseExact(text[..TicksLength], TicksFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)
            || !int.TryParse(text[TicksLength..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int rest))
        {
            return false;
        }

        Int128 nanoseconds = ((Int128)(time.Ticks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick) + rest;
        bool fits = nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue;
        unixNanoseconds = fits ? (long)nanoseconds : 0;
        return fits;
    }

    internal static decimal ToSeconds(Instant instant) => instant.Nanoseconds / NanosecondsPerSecond;

    internal static decimal ToSeconds(TimeSpan span) => (decimal)span.Ticks / TimeSpan.TicksPerSecond;

    internal static bool TryToInstant(decimal seconds, out Instant instant)
    {
        bool fits = Math.Abs(seconds) <= long.MaxValue / NanosecondsPerSecond;
        instant = fits ? new Instant((long)(seconds * NanosecondsPerSecond)) : default;
        return fits;
    }

    internal static bool TryToSpan(decimal seconds, out TimeSpan span)
    {
        bool fits = Math.Abs(seconds) <= (decimal)long.MaxValue / TimeSpan.TicksPerSecond;
        span = fits ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond)) : default;
        return fits;
    }
}
