using System.Buffers;
using Chasqui.Core.Keys;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <content>Comments that mean something: <c># Label = text</c>, the peer's name, and how its allowed addresses were worked out.</content>
public sealed partial class ConfSection
{
    /// <summary>The label of the comment that holds a peer's name.</summary>
    public const string NameLabel = "Name";

    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 128;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>The section's name; null if it has none.</summary>
    /// <remarks>
    /// A comment <c># Name = office</c>, in the title's line, below it or right above it. Without one: the first comment that has a line of
    /// its own below the title or stands in the title's line, else the last comment right above it. Entries that were commented out,
    /// rulers and empty comments are no names.
    /// </remarks>
    public string? Name => GetNote(NameLabel) ?? (FindFreeName() is { } line ? line.Comment : null);

    /// <summary>The text of a comment <c># Label = text</c>; null if there is none.</summary>
    public string? GetNote(string label)
    {
        foreach (ConfLine line in NoteLines())
        {
            if (TryReadNote(line, label, out string text))
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>Writes a comment <c># Label = text</c>: in place of the one there is, else above that key's entry, or on top.</summary>
    /// <param name="label">A key, or a word like one.</param>
    /// <param name="text">The text; null removes the comment.</param>
    /// <exception cref="ConfigException">The label or the text cannot stand in a line. Nothing has changed.</exception>
    public void SetNote(string label, string? text)
    {
        string checkedText = text ?? "-";
        CheckNote(label, ref checkedText);
        WriteNote(NoteLines().FirstOrDefault(line => TryReadNote(line, label, out _)), label, text is null ? null : checkedText);
    }

    /// <summary>Names the section: the comment that named it becomes <c># Name = …</c>, or a new one comes below the title.</summary>
    /// <param name="name">The name; null takes it away.</param>
    /// <exception cref="ConfigException">It is empty, too long, has control characters, or is a key. Nothing has changed.</exception>
    public void Rename(string? name)
    {
        string? text = name is null ? null : CheckName(name);
        if (GetNote(NameLabel) is null && FindFreeName() is { } line)
        {
            Rewrite(line, text is null ? null : $"{NameLabel} = {text}");
            return;
        }

        SetNote(NameLabel, text);
    }

    /// <summary>The arithmetic that a peer's <c>AllowedIPs</c> come from; null if there is none.</summary>
    /// <remarks>
    /// A comment <c># AllowedIPs = 0.0.0.0/0 - 192.168.0.0/16</c>, which stock tools skip. Without an operator between white space it is an
    /// entry that was commented out, and not meant. The text need not be an <see cref="AllowedIpsExpression"/>: people edit it.
    /// </remarks>
    public string? AllowedIpsFormula => FindFormula() is { } line && TryReadNote(line, ConfKeys.AllowedIps, out string text) ? text : null;

    /// <summary>The line of <see cref="AllowedIpsFormula"/> in the text that was parsed, from 1; 0 if there is none, or an edit has made it.</summary>
    public int AllowedIpsFormulaLine => FindFormula()?.Number ?? 0;

    /// <summary>Writes what an expression comes to as <c>AllowedIPs</c>, and the expression itself, if it has operators, as a comment above it.</summary>
    /// <exception cref="ConfigException">It comes to nothing. Nothing has changed.</exception>
    public void SetAllowedIps(AllowedIpsExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        string value = expression.ToSet().ToString();
        if (value.Length == 0)
        {
            throw new ConfigException(null, 0, ConfKeys.AllowedIps, $"{ConfText.Quote(expression.ToString())} leaves no address; exclude less.");
        }

        Set(ConfKeys.AllowedIps, value);
        WriteNote(FindFormula(), ConfKeys.AllowedIps, expression.HasOperator ? expression.ToString() : null);
    }

    /// <summary>Removes the comment of <see cref="AllowedIpsFormula"/> if it comes to anything but exactly these prefixes.</summary>
    /// <remarks>A comment that is no expression is somebody's words, and stays.</remarks>
    /// <returns>Whether it was removed.</returns>
    public bool RemoveStaleFormula(IEnumerable<IpPrefix> allowedIps)
    {
        if (AllowedIpsFormula is not { } formula || !IsStale(formula, allowedIps))
        {
            return false;
        }

        WriteNote(FindFormula(), ConfKeys.AllowedIps, null);
        return true;
    }

    /// <summary>Whether a comment is an entry or a title that was commented out.</summary>
    internal static bool IsCommentedOut(ConfLine line)
    {
        ReadOnlySpan<char> comment = line.Comment;
        int equals = comment.IndexOf('=');
        return comment.StartsWith('[') || (equals > 0 && ConfKeys.IsKnown(ConfText.Trim(comment[..equals])));
    }

    /// <summary>A name without white space at its ends.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    internal static string CheckName(string name)
    {
        string text = ConfText.Trim(name).ToString();
        if (text.Length is 0 or > MaxNameLength || !ConfText.IsOneLine(text))
        {
            throw new ConfigException($"{ConfText.Quote(name)} is no name; a name has 1 to 128 characters and no control characters.");
        }

        Span<byte> key = stackalloc byte[PublicKey.Length];
        return KeyText.TryParseBase64(text, key)
            ? throw new ConfigException($"{ConfText.Quote(name)} has the form of a key; a name must not, so that nobody takes it for one.")
            : text;
    }

    private static void CheckNote(string label, ref string text)
    {
        ArgumentNullException.ThrowIfNull(label);
        text = ConfText.Trim(text).ToString();
        if (label.Length == 0 || label.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            throw new ConfigException($"{ConfText.Quote(label)} is no label; a label has letters and digits only.");
        }

        if (text.Length == 0 || !ConfText.IsOneLine(text))
        {
            throw new ConfigException(null, 0, label, "the comment is empty or has a line end or another control character.");
        }
    }

    private static bool IsStale(string formula, IEnumerable<IpPrefix> allowedIps)
    {
        try
        {
            return !AllowedIpsExpression.Parse(formula).ToSet().SetEquals(PrefixSet.Of(allowedIps));
        }
        catch (ConfigException)
        {
            return false;
        }
    }

    private ConfLine? FindFormula() => NoteLines().FirstOrDefault(
        static line => TryReadNote(line, ConfKeys.AllowedIps, out string text) && AllowedIpsExpression.LooksLikeFormula(text));

    private void WriteNote(ConfLine? known, string label, string? text)
    {
        if (known is not null)
        {
            Rewrite(known, text is null ? null : $"{label} = {text}");
        }
        else if (text is not null)
        {
            int entry = _body.FindIndex(line => Is(line, label));
            InsertLine(entry < 0 ? 0 : entry, $"{(entry < 0 ? "" : _body[entry].Indentation)}# {label} = {text}");
        }
    }

    /// <summary>The lines whose comments may mean something: the title, then those below it, then those above it upwards.</summary>
    private IEnumerable<ConfLine> NoteLines()
    {
        yield return _title;
        foreach (ConfLine line in _body)
        {
            if (line.Kind == ConfLineKind.Comment)
            {
                yield return line;
            }
        }

        for (int i = _leading.Count - 1; i >= 0; i--)
        {
            yield return _leading[i];
        }
    }

    private ConfLine? FindFreeName()
    {
        if (Kind != ConfSectionKind.Peer)
        {
            return null;
        }

        return NoteLines().FirstOrDefault(static line => line.Comment is { } comment && comment.Any(char.IsLetterOrDigit)
            && !IsCommentedOut(line) && ConfText.IsOneLine(comment));
    }

    private static bool TryReadNote(ConfLine line, string label, out string text)
    {
        text = "";
        string comment = line.Comment ?? "";
        int equals = comment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !ConfKeys.Equal(ConfText.Trim(comment.AsSpan(0, equals)), label))
        {
            return false;
        }

        text = ConfText.Trim(comment.AsSpan(equals + 1)).ToString();
        return text.Length > 0;
    }

    /// <summary>Where the last of the comments on top stands, so that a first entry comes below them; -1 if there are none.</summary>
    private int NoteIndex()
    {
        int count = _body.FindIndex(static line => line.Kind != ConfLineKind.Comment);
        return (count < 0 ? _body.Count : count) - 1;
    }

    private void Rewrite(ConfLine line, string? comment)
    {
        if (ReferenceEquals(line, _title))
        {
            _title = line.WithComment(comment);
            return;
        }

        List<ConfLine> lines = _body.Contains(line) ? _body : _leading;
        int index = lines.IndexOf(line);
        if (comment is null)
        {
            lines.RemoveAt(index);
        }
        else
        {
            lines[index] = line.WithComment(comment);
        }
    }
}
