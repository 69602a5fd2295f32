namespace Chasqui.Core.Config;

/// <summary>Tells what a line that stock does not know looks like, without ever taking a stray secret for a key.</summary>
internal static class UnrecognizedLine
{
    /// <summary>Shorter than 32 bytes in base64 or hexadecimal, longer than any key that there is.</summary>
    private const int MaxKeyLength = 24;

    private const int MaxSectionLength = 32;

    /// <summary>Looks at a line without white space.</summary>
    /// <param name="line">The line.</param>
    /// <param name="key">The key, if the line has one.</param>
    internal static UnrecognizedLineKind Of(ReadOnlySpan<char> line, out string? key)
    {
        key = null;
        if (line[0] == '[' && line[^1] == ']' && line.Length <= MaxSectionLength)
        {
            return UnrecognizedLineKind.Section;
        }

        int equals = line.IndexOf('=');
        if (equals is <= 0 or > MaxKeyLength || !IsName(line[..equals]))
        {
            return UnrecognizedLineKind.Other;
        }

        key = line[..equals].ToString();
        return equals + 1 == line.Length ? UnrecognizedLineKind.NoValue : UnrecognizedLineKind.Key;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
