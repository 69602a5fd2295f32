using Chasqui.Compare.Measures;

namespace Chasqui.Compare.Report;

/// <summary>A run of the bench: everything that tables, charts and bars are made from.</summary>
internal sealed record Results
{
    /// <summary>When it began, in UTC: "2026-11-23 09:30".</summary>
    public required string Date { get; init; }

    /// <summary>The command that repeats it.</summary>
    public required string Command { get; init; }

    /// <summary>Rounds that were asked for.</summary>
    public required int Rounds { get; init; }

    /// <summary>Seconds of one TCP transfer.</summary>
    public required int Duration { get; init; }

    /// <summary>Where.</summary>
    public required Machine Machine { get; init; }

    /// <summary>What was measured, in the order of the tables.</summary>
    public required List<Quantity> Quantities { get; init; }

    /// <summary>Who was measured.</summary>
    public required List<ContenderResult> Contenders { get; init; }

    /// <summary>A contender that was measured, or null.</summary>
    public ContenderResult? Find(string name) => Contenders.Find(contender => contender.Name == name && contender.WhyAbsent is null);

    /// <summary>A contender's median; null if there is none.</summary>
    public double? Median(string name, string key) => Find(name)?.Of(key)?.Median;

    /// <summary>The ratio of two contenders' medians; null if one is missing or zero.</summary>
    public double? Ratio(string name, string against, string key) =>
        Median(name, key) is double ours && Median(against, key) is double theirs && theirs > 0 ? ours / theirs : null;

    /// <summary>The ratios of what two contenders gave in the same round; null if one of them lacks a round.</summary>
    public Spread? RatioByRound(string name, string against, string key) =>
        Find(name)?.Values.GetValueOrDefault(key) is { Count: > 0 } ours && Find(against)?.Values.GetValueOrDefault(key) is { } theirs
            && ours.Count == theirs.Count && theirs.TrueForAll(static value => value > 0)
            ? Spread.Of([.. ours.Zip(theirs, static (one, other) => one / other)])
            : null;
}
