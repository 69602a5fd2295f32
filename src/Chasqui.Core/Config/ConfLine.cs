namespace Chasqui.Core.Config;

/// <summary>One line of a configuration file, with its exact text.</summary>
/// <remarks>
/// Immutable. Its text may hold a secret: a string cannot be zeroed, so a document lives no longer than the edit it is for.
/// A key is what stands before the first '=' without any white space, a value what stands after it without white space at its ends and
/// without a comment; a hook's value keeps its '#'. Source: wg(8), wg-quick(8).
/// </remarks>
public sealed class ConfLine
{
    private readonly int _valueStart;
    private readonly int _valueEnd;

    internal ConfLine(string text, int number)
    {
        Text = text;
        Number = number;
        int mark = text.IndexOf(ConfText.CommentMark);
        ReadOnlySpan<char> code = ConfText.BeforeComment(text);
        ReadOnlySpan<char> trimmed = ConfText.Trim(code);
        int equals = code.IndexOf('=');
        Kind = KindOf(trimmed, mark >= 0, equals);
        Key = Kind == ConfLineKind.Entry ? ConfText.RemoveSpaces(code[..equals]) : "";
        bool isHook = Kind == ConfLineKind.Entry && ConfKeys.IsHook(Key);
        if (Kind == ConfLineKind.Entry)
        {
            (_valueStart, _valueEnd) = FindValue(text, equals + 1, isHook ? text.Length : code.Length);
        }

        CommentStart = mark < 0 || isHook ? -1 : mark;
    }

    /// <summary>The line as it is in the file, without its line feed.</summary>
    public string Text { get; }

    /// <summary>The line's number in the text that was parsed, from 1; 0 for a line that an edit has made.</summary>
    public int Number { get; }

    /// <summary>What the line is.</summary>
    public ConfLineKind Kind { get; }

    /// <summary>The key as it is spelled; empty if there is none.</summary>
    public string Key { get; }

    /// <summary>The value; empty if there is none.</summary>
    public string Value => Text[_valueStart.._valueEnd];

    /// <summary>The column of the key's first character, from 1; 0 if there is no key.</summary>
    public int KeyColumn => Kind == ConfLineKind.Entry ? Indentation.Length + 1 : 0;

    /// <summary>The column of the value's first character, or of where it would stand, from 1; 0 if there is no key.</summary>
    public int ValueColumn => Kind == ConfLineKind.Entry ? _valueStart + 1 : 0;

    /// <summary>The comment without '#' and white space at its ends; null if there is none.</summary>
    public string? Comment =>
        CommentStart < 0 ? null : ConfText.Trim(Text.AsSpan(CommentStart).TrimStart(ConfText.CommentMark)).ToString();

    /// <summary>The white space before everything else.</summary>
    internal string Indentation => Text[..^Text.AsSpan().TrimStart(" \t").Length];

    /// <summary>Where '#' stands, or -1.</summary>
    internal int CommentStart { get; }

    /// <summary>The line with another value, everything else as it is.</summary>
    internal ConfLine WithValue(string value)
    {
        string before = Text[.._valueStart], after = Text[_valueEnd..];
        string space = before.EndsWith('=') && before.Length > 1 && _valueStart == _valueEnd ? " " : "";
        return new ConfLine($"{before}{space}{value}{(after.StartsWith(ConfText.CommentMark) ? " " : "")}{after}", Number);
    }

    /// <summary>The line with another comment, or without one; everything else as it is.</summary>
    internal ConfLine WithComment(string? comment)
    {
        string end = Text.EndsWith('\r') ? "\r" : "";
        string before = CommentStart < 0 ? Text[..^end.Length] : Text[..CommentStart];
        return comment is null
            ? new ConfLine(before.TrimEnd(' ', '\t') + end, Number)
            : new ConfLine($"{before}{(CommentStart < 0 ? " " : "")}# {comment}{end}", Number);
    }

    private static ConfLineKind KindOf(ReadOnlySpan<char> trimmed, bool hasComment, int equals)
    {
        if (trimmed.IsEmpty)
        {
            return hasComment ? ConfLineKind.Comment : ConfLineKind.Blank;
        }

        return trimmed[0] == '[' ? ConfLineKind.Section
            : equals > 0 && trimmed[0] != '=' ? ConfLineKind.Entry
            : ConfLineKind.Other;
    }

    private static (int Start, int End) FindValue(string text, int start, int end)
    {
        while (end > start && ConfText.IsSpace(text[end - 1]))
        {
            end--;
        }

        int first = start;
        while (first < end && ConfText.IsSpace(text[first]))
        {
            first++;
        }

        return (first, end);
    }
}
