using System.Globalization;

namespace Chasqui.Core.RouterOs;

/// <summary>A sentence about a line of a RouterOS script.</summary>
public sealed class RouterOsNote
{
    internal RouterOsNote(int line, string sentence)
    {
        Line = line;
        Sentence = sentence;
    }

    /// <summary>The line, from 1; 0 for the whole text.</summary>
    public int Line { get; }

    /// <summary>What is not carried over, why, and what to do. Never a key.</summary>
    public string Sentence { get; }

    /// <summary>Place and sentence.</summary>
    public override string ToString() =>
        Line == 0 ? Sentence : string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Sentence}");
}
