using System.Globalization;

namespace Chasqui.Core.RouterOs;

/// <summary>Intervals of RouterOS: <c>25s</c>, <c>1m40s</c>, <c>1d00:01:40</c>, or seconds alone.</summary>
internal static class RouterOsTime
{
    /// <summary>Reads an interval of whole seconds.</summary>
    internal static bool TryReadSeconds(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        bool isFirst = true;
        while (!text.IsEmpty)
        {
            if (text.Contains(':') && text.IndexOfAny("wdhms") < 0)
            {
                return TryReadClock(text, ref seconds);
            }

            int digits = text.IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? text.Length : digits;
            if (!int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return false;
            }

            // A number without a unit is seconds, if there is nothing else.
            int unit = digits < text.Length ? SecondsOf(text[digits]) : isFirst ? 1 : 0;
            if (unit == 0)
            {
                return false;
            }

            seconds += (long)number * unit;
            text = digits < text.Length ? text[(digits + 1)..] : default;
            isFirst = false;
        }

        return !isFirst;
    }

    private static int SecondsOf(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        'w' => 7 * 86400,
        _ => 0,
    };

    private static bool TryReadClock(ReadOnlySpan<char> text, ref long seconds)
    {
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, ':') != 3)
        {
            return false;
        }

        int total = 0;
        foreach (Range part in parts[..3])
        {
            if (text[part].Length is 0 or > 3
                || !int.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return false;
            }

            total = (total * 60) + number;
        }

        seconds += total;
        return true;
    }
}
