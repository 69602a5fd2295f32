using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>Addresses as the C library reads them, no more and no less.</summary>
/// <remarks>Source: inet_pton(3) for prefixes, inet_aton(3) for the hosts that getaddrinfo(3) takes as numbers.</remarks>
internal static class InetText
{
    private const int Groups = 8;

    /// <summary>Four decimal numbers without leading zeros, or RFC 4291 text without a scope.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out IpAddress address) =>
        text.Contains(':') ? TryParseV6(text, out address) : TryParseDotted(text, out address);

    /// <summary>One to four numbers, decimal, octal or hexadecimal; the last one fills what is left.</summary>
    internal static bool TryParseLoose(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        uint value = 0;
        for (int part = 0; part < 4; part++)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> digits = dot < 0 ? text : text[..dot];
            if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]))
            {
                return false;
            }

            ulong number = CNumber.ReadUnsigned(digits, 0, out int consumed);
            if (consumed != digits.Length || number > (dot < 0 ? uint.MaxValue >> (8 * part) : byte.MaxValue))
            {
                return false;
            }

            if (dot < 0)
            {
                address = IpAddress.V4(value | (uint)number);
                return true;
            }

            value |= (uint)number << (24 - (8 * part));
            text = text[(dot + 1)..];
        }

        return false;
    }

    private static bool TryParseDotted(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        uint value = 0;
        for (int part = 0; part < 4; part++)
        {
            int dot = part < 3 ? text.IndexOf('.') : text.Length;
            if (dot < 0 || !TryParseByte(text[..dot], out uint number))
            {
                return false;
            }

            value = (value << 8) | number;
            text = text[Math.Min(dot + 1, text.Length)..];
        }

        address = IpAddress.V4(value);
        return true;
    }

    private static bool TryParseByte(ReadOnlySpan<char> digits, out uint number)
    {
        number = 0;
        if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }

        foreach (char c in digits)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            number = (number * 10) + (uint)(c - '0');
        }

        return number <= byte.MaxValue;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        int count = 0, gap = -1;
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            if (!TryTakeGroup(ref text, groups, ref count))
            {
                return false;
            }

            if (!text.IsEmpty && !TryTakeColon(ref text, count, ref gap))
            {
                return false;
            }
        }

        if (gap < 0 ? count != Groups : count == Groups)
        {
            return false;
        }

        address = Spread(groups, count, gap);
        return true;
    }

    /// <summary>Takes four hexadecimal digits at most, or the dotted end of the address.</summary>
    private static bool TryTakeGroup(ref ReadOnlySpan<char> text, scoped Span<ushort> groups, ref int count)
    {
        int colon = text.IndexOf(':');
        ReadOnlySpan<char> group = colon < 0 ? text : text[..colon];
        if (colon < 0 && count <= Groups - 2 && group.Contains('.'))
        {
            bool isDotted = TryParseDotted(group, out IpAddress end);
            groups[count++] = (ushort)(end.High >> 48);
            groups[count++] = (ushort)(end.High >> 32);
            text = default;
            return isDotted;
        }

        if (group.Length is 0 or > 4 || count == Groups)
        {
            return false;
        }

        uint value = 0;
        foreach (char c in group)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }

            value = (value << 4) | (uint)HexValue(c);
        }

        groups[count++] = (ushort)value;
        text = text[group.Length..];
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>Takes one colon before a group, or the two that stand for zeros, once.</summary>
    private static bool TryTakeColon(ref ReadOnlySpan<char> text, int count, ref int gap)
    {
        text = text[1..];
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] != ':')
        {
            return true;
        }

        bool isFirst = gap < 0;
        gap = count;
        text = text[1..];
        return isFirst;
    }

    private static IpAddress Spread(ReadOnlySpan<ushort> groups, int count, int gap)
    {
        ulong high = 0, low = 0;
        int head = gap < 0 ? count : gap;
        for (int i = 0; i < count; i++)
        {
            int place = i < head ? i : Groups - count + i;
            ulong bits = (ulong)groups[i] << (48 - (16 * (place % 4)));
            high |= place < 4 ? bits : 0;
            low |= place < 4 ? 0 : bits;
        }

        return IpAddress.V6(high, low);
    }
}
