namespace Chasqui.Cli.Commands.Wg;

/// <summary>Durations and amounts of bytes as <c>wg show</c> tells people.</summary>
internal static class Quantity
{
    private const ulong Minute = 60;
    private const ulong Hour = 60 * Minute;
    private const ulong Day = 24 * Hour;
    private const ulong Year = 365 * Day;

    /// <summary>Appends the parts of a duration that are not zero: <c>1 day, 3 minutes</c>. Nothing for no time at all.</summary>
    internal static void AppendDuration(StyledText text, ulong seconds)
    {
        bool isFirst = true;
        AppendPart(text, seconds / Year, "year"u8, ref isFirst);
        AppendPart(text, seconds % Year / Day, "day"u8, ref isFirst);
        AppendPart(text, seconds % Day / Hour, "hour"u8, ref isFirst);
        AppendPart(text, seconds % Hour / Minute, "minute"u8, ref isFirst);
        AppendPart(text, seconds % Minute, "second"u8, ref isFirst);
    }

    /// <summary>Appends an amount of bytes: <c>92 B</c>, <c>1.50 KiB</c>, up to TiB.</summary>
    internal static void AppendBytes(StyledText text, ulong bytes)
    {
        switch (bytes)
        {
            case < 1UL << 10:
                text.Text.Append(bytes);
                AppendUnit(text, "B"u8);
                break;
            case < 1UL << 20:
                AppendScaled(text, bytes, 10, "KiB"u8);
                break;
            case < 1UL << 30:
                AppendScaled(text, bytes, 20, "MiB"u8);
                break;
            case < 1UL << 40:
                AppendScaled(text, bytes, 30, "GiB"u8);
                break;
            default:
                AppendScaled(text, bytes, 40, "TiB"u8);
                break;
        }
    }

    private static void AppendPart(StyledText text, ulong count, ReadOnlySpan<byte> unit, ref bool isFirst)
    {
        if (count == 0)
        {
            return;
        }

        text.Text.Append(isFirst ? default : ", "u8).Append(count).Append(" "u8);
        text.Begin(Style.Cyan);
        text.Text.Append(unit).Append(count == 1 ? default : "s"u8);
        text.End();
        isFirst = false;
    }

    // printf("%.2f") of a double divided by a power of two: the double is exact up to 2^53 and rounded above, and so is its text, half to
    // even. The framework's own "F2" rounds half up.
    private static void AppendScaled(StyledText text, ulong bytes, int shift, ReadOnlySpan<byte> unit)
    {
        UInt128 exact = (UInt128)(double)bytes * 100;
        UInt128 half = UInt128.One << (shift - 1), rest = exact & ((half << 1) - 1), hundredths = exact >> shift;
        bool isRoundedUp = rest > half || (rest == half && UInt128.IsOddInteger(hundredths));
        (ulong whole, ulong part) = Math.DivRem((ulong)hundredths + (isRoundedUp ? 1UL : 0), 100);
        text.Text.Append(whole).Append(part < 10 ? ".0"u8 : "."u8).Append(part);
        AppendUnit(text, unit);
    }

    private static void AppendUnit(StyledText text, ReadOnlySpan<byte> unit)
    {
        text.Text.Append(" "u8);
        text.Begin(Style.Cyan);
        text.Text.Append(unit);
        text.End();
    }
}
