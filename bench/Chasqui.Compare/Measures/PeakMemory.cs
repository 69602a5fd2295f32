using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>The greatest resident memory that either daemon has had so far in this round: run last.</summary>
internal sealed class PeakMemory : IMeasure
{
    private readonly Quantity _peak = new("memory", "peak memory of a daemon", "MB", IsMoreBetter: false, Decimals: 1);

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_peak];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        double[] peaks = [.. contender.Daemons(lab).Select(ProcessFigures.PeakMemory)];
        return peaks.Length == 0 ? [] : [new Figure(_peak, peaks.Max() / 1e6)];
    }
}
