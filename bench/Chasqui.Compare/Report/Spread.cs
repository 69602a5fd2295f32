namespace Chasqui.Compare.Report;

/// <summary>What several rounds gave.</summary>
internal readonly record struct Spread(double Median, double Least, double Greatest)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IReadOnlyCollection<double> values) => new(Statistics.Median(values), values.Min(), values.Max());
}
