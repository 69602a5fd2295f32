namespace Chasqui.Compare.Report;

/// <summary>All that was measured of one contender.</summary>
internal sealed record ContenderResult
{
    /// <summary>As its <see cref="Contenders.IContender.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The version that was measured; empty if it is absent.</summary>
    public required string Version { get; init; }

    /// <summary>What a reader must know to compare.</summary>
    public required string Note { get; init; }

    /// <summary>Why it was not measured, or null.</summary>
    public string? WhyAbsent { get; init; }

    /// <summary>What went wrong, as it happened.</summary>
    public List<string> Failures { get; init; } = [];

    /// <summary>By a quantity's key, one value for each round that gave one.</summary>
    public Dictionary<string, List<double>> Values { get; init; } = [];

    /// <summary>Median, least and greatest; null if nothing was measured.</summary>
    public Spread? Of(string key) => Values.TryGetValue(key, out List<double>? values) && values.Count > 0 ? Spread.Of(values) : null;
}
