namespace Chasqui.Compare.Measures;

/// <summary>Finds the highest rate at which next to nothing is lost: doubles while it passes, then halves the gap.</summary>
/// <remarks>
/// A machine that is disturbed for a moment loses packets at any rate, so a rate fails only if it fails twice. Pure: the probe
/// is an argument.
/// </remarks>
internal sealed class RateSearch
{
    /// <summary>The share of packets that may be lost at a rate that passes.</summary>
    public const double AllowedLoss = 0.001;

    /// <summary>A probe that passes at less than this much more than the one before has found nothing new.</summary>
    private const double Progress = 1.03;

    /// <summary>After so many of these in a row the sender is the limit: it was asked for more, and did not send it.</summary>
    private const int MostStalls = 2;

    private readonly Func<double, RateProbe> _probe;
    private readonly double _step;
    private readonly int _mostProbes;
    private double _passed, _failed = double.PositiveInfinity, _goodput;
    private int _probes, _stalls;

    private RateSearch(Func<double, RateProbe> probe, double step, int mostProbes)
    {
        _probe = probe;
        _step = step;
        _mostProbes = mostProbes;
    }

    /// <summary>Searches.</summary>
    /// <param name="start">The first rate.</param>
    /// <param name="growth">By what factor it goes up while nothing has failed, and down while nothing has passed: 2 in the dark, 1.1 near a known rate.</param>
    /// <param name="step">The gap at which it ends, as a share: 0.05.</param>
    /// <param name="mostProbes">It ends after so many, wherever it is.</param>
    /// <param name="probe">Sends at a rate.</param>
    public static FoundRate Find(double start, double growth, double step, int mostProbes, Func<double, RateProbe> probe) =>
        new RateSearch(probe, step, mostProbes).Run(start, growth);

    private FoundRate Run(double start, double growth)
    {
        double rate = start;
        while (_probes < _mostProbes && _stalls < MostStalls && !(_passed > 0 && _failed / _passed <= 1 + _step))
        {
            if (Passes(rate, out RateProbe probe)) Pass(probe);
            else Fail(rate, probe);
            rate = Next(rate, growth);
            growth = Math.Min(growth * growth, 2); // where the first guess was far off, larger strides
        }

        double gap = _passed > 0 ? (_failed / _passed) - 1 : double.PositiveInfinity;
        return new FoundRate(_goodput, _passed, gap, IsSenderLimited: double.IsPositiveInfinity(_failed));
    }

    private void Pass(RateProbe probe)
    {
        _stalls = probe.Sent < _passed * Progress ? _stalls + 1 : 0;
        _passed = Math.Max(_passed, probe.Sent); // a sender that was held up has shown no more than this
        _goodput = Math.Max(_goodput, probe.Goodput);
    }

    /// <summary>What failed is the rate that was sent, if that was less than asked for; never one that has passed.</summary>
    private void Fail(double rate, RateProbe probe) => _failed = Math.Min(rate, Math.Max(probe.Sent, _passed * (1 + (_step / 2))));

    private bool Passes(double rate, out RateProbe probe)
    {
        _probes++;
        probe = _probe(rate);
        if (probe.Loss <= AllowedLoss) return true;
        if (_probes >= _mostProbes || probe.Loss > 50 * AllowedLoss) return false; // so much is no accident
        _probes++;
        probe = _probe(rate);
        return probe.Loss <= AllowedLoss;
    }

    private double Next(double rate, double growth) =>
        _passed == 0 ? _failed / growth
        : double.IsPositiveInfinity(_failed) ? rate * growth
        : Math.Sqrt(_passed * _failed);
}
