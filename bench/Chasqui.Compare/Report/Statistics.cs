namespace Chasqui.Compare.Report;

/// <summary>Numbers about numbers.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = Sorted(values);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The least of the values that no more than the given percentage of them lies below: the nearest rank.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double Percentile(IReadOnlyCollection<double> values, double percent)
    {
        double[] sorted = Sorted(values);
        int rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Clamp(rank, 1, sorted.Length) - 1];
    }

    private static double[] Sorted(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("no values", nameof(values));
        return [.. values.Order()];
    }
}
