using System.Globalization;

namespace Chasqui.Core.Config;

/// <summary>A configuration that cannot be taken: the place, the key, and one sentence for the person who wrote it.</summary>
/// <remarks>
/// Neither <see cref="Exception.Message"/> nor <see cref="Reason"/> ever holds the value of a key or of a line that could be one. Only
/// <see cref="StockOutput"/> does: it is what stock <c>wg</c> prints, which echoes wrong keys.
/// </remarks>
public sealed class ConfigException : Exception
{
    /// <summary>Makes an exception about no place in a file.</summary>
    /// <param name="reason">The sentence: the value, what is wrong with it, and what to do.</param>
    public ConfigException(string reason)
        : this(null, 0, null, reason)
    {
    }

    /// <summary>Makes an exception about a place in a file.</summary>
    /// <param name="file">The file's name, or null.</param>
    /// <param name="line">The line, from 1; 0 for none.</param>
    /// <param name="key">The key as it is known, or null.</param>
    /// <param name="reason">The sentence.</param>
    public ConfigException(string? file, int line, string? key, string reason)
        : this(file, line, key, reason, default)
    {
    }

    internal ConfigException(string? file, int line, string? key, string reason, ReadOnlyMemory<byte> stockOutput)
        : base(Place(file, line, key) + reason)
    {
        File = file;
        Line = line;
        Key = key;
        Reason = reason;
        StockOutput = stockOutput;
    }

    /// <summary>The file's name, or null.</summary>
    public string? File { get; }

    /// <summary>The line, from 1; 0 for none.</summary>
    public int Line { get; }

    /// <summary>The key, or null.</summary>
    public string? Key { get; }

    /// <summary>The sentence without the place.</summary>
    public string Reason { get; }

    /// <summary>What the stock tool writes to standard error, byte for byte; empty where stock has no such mistake.</summary>
    /// <remarks>May hold a wrong key as it was written; for the standard error of a <c>wg</c> work-alike and for nothing else.</remarks>
    public ReadOnlyMemory<byte> StockOutput { get; }

    /// <summary>A person's value as a sentence shows it: in quotes, cut, without anything that could drive a terminal, and without what has the form of a key.</summary>
    public static string Quote(ReadOnlySpan<char> value) => ConfText.Quote(value);

    /// <summary>A word that is a peer's name or public key, as a sentence shows it: as <see cref="Quote"/>, with the key.</summary>
    public static string QuoteNameOrKey(ReadOnlySpan<char> value) => ConfText.QuoteNameOrKey(value);

    /// <summary>A text of any length and many lines, without anything else that could drive a terminal: <c>?</c> stands in its place.</summary>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ConfText.Plain(text);
    }

    internal static string Place(string? file, int line, string? key)
    {
        string number = line == 0 ? "" : line.ToString(CultureInfo.InvariantCulture);
        string place = (file, line) switch
        {
            (null, 0) => "",
            (null, _) => $"line {number}: ",
            (_, 0) => $"{file}: ",
            _ => $"{file}:{number}: ",
        };
        return key is null ? place : $"{place}{key}: ";
    }
}
