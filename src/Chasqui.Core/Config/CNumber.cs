namespace Chasqui.Core.Config;

/// <summary>Numbers as the C library reads them.</summary>
internal static class CNumber
{
    /// <summary>Reads a number as strtoul(3) does with 64-bit longs: white space, a sign, digits; too large is the largest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="numberBase">10 or 16; 0 takes it from the prefix.</param>
    /// <param name="consumed">How much of the text was the number; 0 if there is none.</param>
    internal static ulong ReadUnsigned(ReadOnlySpan<char> text, int numberBase, out int consumed)
    {
        int i = 0;
        while (i < text.Length && ConfText.IsSpace(text[i]))
        {
            i++;
        }

        bool isNegative = i < text.Length && text[i] == '-';
        i += i < text.Length && text[i] is '-' or '+' ? 1 : 0;
        numberBase = SkipPrefix(text, numberBase, ref i);
        int first = i;
        ulong value = 0;
        bool isTooLarge = false;
        for (; i < text.Length && DigitValue(text[i]) < numberBase; i++)
        {
            UInt128 next = ((UInt128)value * (uint)numberBase) + (uint)DigitValue(text[i]);
            isTooLarge |= next > ulong.MaxValue;
            value = (ulong)next;
        }

        consumed = i == first ? 0 : i;
        return isTooLarge ? ulong.MaxValue : isNegative ? 0 - value : value;
    }

    private static int SkipPrefix(ReadOnlySpan<char> text, int numberBase, ref int i)
    {
        bool isHex = numberBase is 0 or 16 && i + 2 < text.Length && text[i] == '0' && (text[i + 1] | 0x20) == 'x'
            && DigitValue(text[i + 2]) < 16;
        if (isHex)
        {
            i += 2;
            return 16;
        }

        return numberBase != 0 ? numberBase : i < text.Length && text[i] == '0' ? 8 : 10;
    }

    private static int DigitValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => int.MaxValue,
    };
}
