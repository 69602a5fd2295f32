namespace Chasqui.Compare.Report;

/// <summary>One contender's bars.</summary>
/// <param name="Label">To the left of them.</param>
/// <param name="IsOurs">Whether they have our colour.</param>
/// <param name="Bars">From the top: one, or two of which the second is the lighter.</param>
internal sealed record BarChartRow(string Label, bool IsOurs, IReadOnlyList<Spread> Bars);
