using System.Text;

namespace Chasqui.Core.Config;

/// <summary>Where a reader is, and how its mistakes are told.</summary>
internal sealed class ConfPlace(WgConfOptions options, bool isBytes, string stockTrailer)
{
    private readonly List<ConfigWarning> _warnings = [];

    /// <summary>The line being read, from 1; 0 on a command line.</summary>
    internal int Line { get; set; }

    /// <summary>The key being read, or null.</summary>
    internal string? Key { get; set; }

    internal WgConfOptions Options => options;

    internal IReadOnlyList<ConfigWarning> Warnings => _warnings;

    /// <summary>Text that the parser holds as one character a byte, as people wrote it.</summary>
    internal string Decode(ReadOnlySpan<char> text) =>
        isBytes ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.ToString())) : text.ToString();

    /// <summary>The text in quotes, for a sentence.</summary>
    internal string Quote(ReadOnlySpan<char> text) => ConfText.Quote(Decode(text));

    /// <summary>A mistake.</summary>
    /// <param name="reason">Our sentence, without secrets.</param>
    /// <param name="stock">Stock's line, which may echo what was written.</param>
    internal ConfigException Error(string reason, string stock) => Error(reason, stock, stockTrailer);

    internal ConfigException Error(string reason, string stock, string trailer) =>
        new(options.File, Line, Key, reason, StockBytes(stock + "\n" + trailer));

    internal void Warn(string reason, string? stock)
    {
        var warning = new ConfigWarning(options.File, Line, Key, reason, stock is null ? default : StockBytes(stock + "\n"));
        _warnings.Add(warning);
        options.Warn?.Invoke(warning);
    }

    private byte[] StockBytes(string text) => (isBytes ? Encoding.Latin1 : Encoding.UTF8).GetBytes(text);
}
