namespace Chasqui.Timing;

/// <summary>Welch's t of two classes of measurements, taken one by one.</summary>
/// <remarks>Source: Welford's online variance; Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", 2017.</remarks>
internal struct Welch
{
    private Moments _fixed;
    private Moments _random;

    /// <summary>Measurements taken, of both classes.</summary>
    internal readonly long Count => _fixed.Count + _random.Count;

    /// <summary>How many standard errors the two means lie apart; 0 before there are two measurements of each.</summary>
    internal readonly double T =>
        _fixed.Count < 2 || _random.Count < 2 || _fixed.SquaredError + _random.SquaredError <= 0
            ? 0
            : (_fixed.Mean - _random.Mean) / Math.Sqrt(_fixed.SquaredError + _random.SquaredError);

    /// <summary>How far apart the two means lie, as a part of the smaller; 0 before there is one of each.</summary>
    internal readonly double Difference => _fixed.Count == 0 || _random.Count == 0 ? 0 : Math.Abs(_fixed.Mean - _random.Mean) / Math.Min(_fixed.Mean, _random.Mean);

    internal void Add(bool isRandom, double value)
    {
        if (isRandom)
        {
            _random.Add(value);
        }
        else
        {
            _fixed.Add(value);
        }
    }

    private struct Moments
    {
        private double _squares;

        internal long Count { get; private set; }

        internal double Mean { get; private set; }

        internal readonly double SquaredError => _squares / (Count - 1) / Count;

        internal void Add(double value)
        {
            Count++;
            double before = value - Mean;
            Mean += before / Count;
            _squares += before * (value - Mean);
        }
    }
}
