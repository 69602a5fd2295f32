using System.Text.Json.Serialization;

namespace Chasqui.Compare.Measures;

/// <summary>Something that is measured, once for every contender and round.</summary>
/// <param name="Key">Its name in results.json and in code: "tcp.1.there".</param>
/// <param name="Title">Its name in tables: "TCP, one stream, right to left".</param>
/// <param name="Unit">Of the value: "Gbit/s".</param>
/// <param name="IsMoreBetter">Whether the greater value is the better one.</param>
/// <param name="Decimals">Digits behind the point in tables.</param>
internal sealed record Quantity(string Key, string Title, string Unit, bool IsMoreBetter, int Decimals)
{
    private static readonly string[] Footnotes = [".step", ".limited", ".lost"];

    /// <summary>Whether it only says how far another one can be trusted: in no table, and no ratio of it means anything.</summary>
    [JsonIgnore]
    public bool IsFootnote => Array.Exists(Footnotes, ending => Key.EndsWith(ending, StringComparison.Ordinal));
}
