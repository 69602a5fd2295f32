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

    /// <summary>The sender has not kept up if it sent less than this share of what it was asked for.</summary>
    private const double KeptUp = 0.93;

    private readonly Func<double, RateProbe> _probe;
    private readonly double _step;
    private readonly int _mostProbes;
    private double _passed, _failed = double.PositiveInfinity, _goodput;
    private int _probes;

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
        while (_probes < _mostProbes && !(_passed > 0 && _failed / _passed <= 1 + _step))
        {
            if (!Passes(rate, out RateProbe probe))
            {
                _failed = Math.Min(rate, Math.Max(probe.Sent, _passed * (1 + (_step / 2)))); // what was sent, if that was less than asked for
            }
            else
            {
                _passed = rate;
                _goodput = Math.Max(_goodput, probe.Goodput);
                if (probe.Sent < rate * KeptUp) return Found(isSenderLimited: true);
            }

            rate = Next(growth);
        }

        return Found(isSenderLimited: false);
    }

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

    private double Next(double growth) =>
        _passed == 0 ? _failed / growth
        : double.IsPositiveInfinity(_failed) ? _passed * growth
        : Math.Sqrt(_passed * _failed);

    private FoundRate Found(bool isSenderLimited) =>
        new(_goodput, _passed, _passed > 0 ? (_failed / _passed) - 1 : double.PositiveInfinity, isSenderLimited);
}
