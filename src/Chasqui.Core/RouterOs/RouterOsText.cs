using Chasqui.Core.Config;

namespace Chasqui.Core.RouterOs;

/// <summary>The text of a script, character by character, with its line numbers and its joined lines.</summary>
internal sealed class RouterOsText(string text)
{
    private const int MaxDepth = 64;

    private int _at;

    /// <summary>The line of the next character, from 1.</summary>
    internal int Line { get; private set; } = 1;

    internal bool IsAtEnd => _at >= text.Length;

    /// <summary>The next character; a zero at the end.</summary>
    internal char Next => Peek(0);

    internal bool IsAtStatementEnd => IsAtEnd || Next is '\n' or ';' || (Next == '\r' && Peek(1) is '\n' or '\0');

    /// <summary>Takes the next character.</summary>
    internal char Take()
    {
        char c = text[_at++];
        Line += c == '\n' ? 1 : 0;
        return c;
    }

    /// <summary>Skips white space in a line, and the ends of lines that are joined to the next one by a backslash.</summary>
    internal void SkipBlank()
    {
        while (Next is ' ' or '\t' || TrySkipJoint())
        {
            if (Next is ' ' or '\t')
            {
                _at++;
            }
        }
    }

    /// <summary>Skips a backslash at the end of a line with the white space that the next line begins with.</summary>
    internal bool TrySkipJoint()
    {
        int end = Peek(1) == '\r' && Peek(2) == '\n' ? 2 : 1;
        if (Next != '\\' || Peek(end) != '\n')
        {
            return false;
        }

        _at += end + 1;
        Line++;
        while (Next is ' ' or '\t')
        {
            _at++;
        }

        return true;
    }

    /// <summary>Skips the rest of the line, a comment; joining does not continue it.</summary>
    /// <returns>What it was.</returns>
    internal string TakeLine()
    {
        int end = text.IndexOf('\n', _at);
        end = end < 0 ? text.Length : end;
        string line = text[_at..end];
        _at = end;
        return line;
    }

    /// <summary>Takes a string with its quotes.</summary>
    /// <returns>What it says; null if it has an escape that there is not.</returns>
    /// <exception cref="ConfigException">It does not end.</exception>
    internal string? TakeString()
    {
        int start = Line;
        bool isValid = true;
        var bytes = new List<byte>();
        Take();
        int from = _at;
        while (Next != '"')
        {
            if (IsAtEnd)
            {
                throw new ConfigException(null, start, null, "the string has no end; add the '\"', or give the whole export.");
            }

            if (Next != '\\')
            {
                Take();
                continue;
            }

            bytes.AddRange(RouterOsString.Encode(text.AsSpan(from, _at - from)));
            isValid &= TrySkipJoint() || TryTakeEscape(bytes);
            from = _at;
        }

        bytes.AddRange(RouterOsString.Encode(text.AsSpan(from, _at - from)));
        Take();
        return isValid ? RouterOsString.Decode([.. bytes]) : null;
    }

    /// <summary>Takes everything to the bracket that closes the one that is next.</summary>
    /// <returns>It as it is written, with both.</returns>
    /// <exception cref="ConfigException">It does not close, or another one does, or there are too many in each other.</exception>
    internal string TakeBracketed()
    {
        int start = Line, from = _at;
        var closers = new Stack<char>();
        bool isLineStart = false;
        do
        {
            if (IsAtEnd)
            {
                throw new ConfigException(null, start, null, $"the '{text[from]}' is not closed; close it, or give the whole export.");
            }

            if (Next == '"')
            {
                _ = TakeString();
                isLineStart = false;
            }
            else if (Next == '#' && isLineStart)
            {
                _ = TakeLine();
            }
            else
            {
                char c = Take();
                isLineStart = c is '\n' or '{' || (isLineStart && c is ' ' or '\t');
                Track(c, closers);
            }
        }
        while (closers.Count > 0);
        return text[from.._at];
    }

    private char Peek(int distance) => _at + distance < text.Length ? text[_at + distance] : '\0';

    private bool TryTakeEscape(List<byte> bytes)
    {
        Take();
        if (IsAtEnd)
        {
            return false;
        }

        // Hexadecimal digits are capitals, so that \a and \b are something else.
        if (IsHex(Next) && IsHex(Peek(1)))
        {
            bytes.Add(Convert.ToByte(text.Substring(_at, 2), 16));
            _at += 2;
            return true;
        }

        byte? known = RouterOsString.Escape(Next);
        if (known is { } b)
        {
            bytes.Add(b);
            _at++;
        }

        return known is not null;
    }

    private static bool IsHex(char c) => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F';

    private void Track(char c, Stack<char> closers)
    {
        if (c is '[' or '(' or '{')
        {
            closers.Push(c switch { '[' => ']', '(' => ')', _ => '}' });
            if (closers.Count > MaxDepth)
            {
                throw new ConfigException(null, Line, null, $"there are more than {MaxDepth} brackets in each other; take this command out.");
            }
        }
        else if (c is ']' or ')' or '}' && closers.Pop() != c)
        {
            throw new ConfigException(null, Line, null, $"the '{c}' closes another bracket than the one that is open; correct it.");
        }
    }
}
