using System.Globalization;
using System.Text;

namespace Chasqui.Core.Config;

/// <summary>The characters of configuration text: what counts as white space, and what may be written into a file.</summary>
internal static class ConfText
{
    internal const char CommentMark = '#';

    private const int MaxQuotedLength = 80;

    /// <summary>Space, tab, line feed, vertical tab, form feed, carriage return: C's white space, whatever the locale.</summary>
    internal static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r');

    /// <summary>The text without white space at its ends.</summary>
    internal static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsSpace(text[0]))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && IsSpace(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>The text without any white space.</summary>
    internal static string RemoveSpaces(ReadOnlySpan<char> text)
    {
        var cleaned = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!IsSpace(c))
            {
                cleaned.Append(c);
            }
        }

        return cleaned.ToString();
    }

    /// <summary>What stands before the comment, and the comment with its mark.</summary>
    internal static ReadOnlySpan<char> BeforeComment(ReadOnlySpan<char> line)
    {
        int mark = line.IndexOf(CommentMark);
        return mark < 0 ? line : line[..mark];
    }

    /// <summary>A value from a person's file in quotes, cut and without anything that could drive a terminal or is a key.</summary>
    internal static string Quote(ReadOnlySpan<char> value) => $"`{Clean(value)}'";

    /// <summary>A word in quotes that is a name or a public key: as <see cref="Quote"/>, with the key.</summary>
    internal static string QuoteNameOrKey(ReadOnlySpan<char> value) => $"`{Clean(value, MaxQuotedLength)}'";

    /// <summary>A text from a person, cut and without anything that could drive a terminal or is a key.</summary>
    internal static string Clean(ReadOnlySpan<char> value) => Clean(KeyForms.Hide(value), MaxQuotedLength);

    /// <summary>A text from a person, cut to a length and without anything that could drive a terminal.</summary>
    internal static string Clean(ReadOnlySpan<char> value, int maxLength)
    {
        var text = new StringBuilder();
        foreach (char c in value[..Math.Min(value.Length, maxLength)])
        {
            text.Append(IsUnsafe(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return text.Append(value.Length > maxLength ? "…" : "").ToString();
    }

    /// <summary>A text for a person, lines and columns kept, without anything else that could drive a terminal.</summary>
    internal static string Plain(string text)
    {
        return text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(IsDriving)
            ? string.Concat(text.Select(static c => IsDriving(c) ? '?' : c))
            : text;

        static bool IsDriving(char c) => IsUnsafe(c) && c is not ('\n' or '\t');
    }

    /// <summary>Whether a text may become part of one line: no line ends, no control characters, no half characters.</summary>
    internal static bool IsOneLine(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text[i]))
            {
                return false;
            }

            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }

    /// <summary>Control characters, line and paragraph ends, and the marks that reverse the order of what is shown.</summary>
    private static bool IsUnsafe(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
