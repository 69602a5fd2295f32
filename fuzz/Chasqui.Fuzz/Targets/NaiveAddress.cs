using System.Globalization;

namespace Chasqui.Fuzz.Targets;

/// <summary>Address text as inet_pton(3) defines it, in the plainest way.</summary>
internal static class NaiveAddress
{
    /// <summary>The 4 or 16 bytes, or null for no address.</summary>
    internal static byte[]? Parse(string text) => text.Contains(':', StringComparison.Ordinal) ? ParseV6(text) : ParseV4(text);

    private static byte[]? ParseV4(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 4 && parts.All(IsDecimalByte)
            ? [.. parts.Select(part => byte.Parse(part, CultureInfo.InvariantCulture))]
            : null;
    }

    private static bool IsDecimalByte(string part) =>
        part.Length is >= 1 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0')
        && int.Parse(part, CultureInfo.InvariantCulture) <= 255;

    private static byte[]? ParseV6(string text)
    {
        int gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
        {
            return Groups(text, isLast: true) is { Length: 16 } whole ? whole : null;
        }

        byte[]? head = Groups(text[..gap], isLast: false), tail = Groups(text[(gap + 2)..], isLast: true);
        if (head is null || tail is null || head.Length + tail.Length > 14)
        {
            return null;
        }

        return [.. head, .. new byte[16 - head.Length - tail.Length], .. tail];
    }

    private static byte[]? Groups(string text, bool isLast)
    {
        var bytes = new List<byte>();
        string[] parts = text.Length == 0 ? [] : text.Split(':');
        for (int i = 0; i < parts.Length; i++)
        {
            if (isLast && i == parts.Length - 1 && parts[i].Contains('.', StringComparison.Ordinal))
            {
                if (ParseV4(parts[i]) is not { } v4)
                {
                    return null;
                }

                bytes.AddRange(v4);
            }
            else if (parts[i].Length is >= 1 and <= 4 && parts[i].All(char.IsAsciiHexDigit))
            {
                int group = int.Parse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                bytes.AddRange([(byte)(group >> 8), (byte)group]);
            }
            else
            {
                return null;
            }
        }

        return [.. bytes];
    }
}
