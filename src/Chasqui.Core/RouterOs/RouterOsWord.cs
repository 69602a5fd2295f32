namespace Chasqui.Core.RouterOs;

/// <summary>A word of a command: a property with its value, or a word alone.</summary>
/// <param name="Name">The property's name; null for a word alone.</param>
/// <param name="Value">The text without quotes and escapes, or the expression as it is written; empty for one that is unset.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Line">Where it starts, from 1.</param>
internal readonly record struct RouterOsWord(string? Name, string Value, RouterOsWordKind Kind, int Line)
{
    /// <summary>Whether a word alone stands without quotes and brackets: a part of a menu's path, a command, an item's number or name.</summary>
    internal bool IsBare => Name is null && Kind == RouterOsWordKind.Text && IsBareText(Value);

    /// <summary>The word as a script has it.</summary>
    public override string ToString()
    {
        string value = Kind == RouterOsWordKind.Expression ? Value : RouterOsString.Quote(Value);
        return (Name, Kind) switch
        {
            (null, _) => IsBare ? Value : value,
            (_, RouterOsWordKind.Unset) => $"!{Name}",
            _ => $"{Name}={value}",
        };
    }

    /// <summary>Whether a text has the form of a name: letters, digits, and what joins them.</summary>
    internal static bool IsBareText(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '*' or ',' or ':' or '/'))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
