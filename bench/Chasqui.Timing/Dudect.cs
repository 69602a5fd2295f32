using System.Diagnostics;

namespace Chasqui.Timing;

/// <summary>Times a subject with both classes in a random order, and says how far apart their times lie.</summary>
/// <remarks>
/// Shape: blocks of slots; a block's secrets are laid out first, then each is timed. What takes long has been interrupted, so the statistic is
/// taken once over everything and once below each of some percentiles, and the largest counts.
/// </remarks>
internal sealed class Dudect(Subject subject, int seed)
{
    /// <summary>Slots in a block.</summary>
    internal const int Slots = 256;

    private const int WarmUpBlocks = 8;

    private static readonly double[] Percentiles = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

    private readonly Random _random = new(seed);
    private readonly bool[] _isRandom = new bool[Slots];
    private readonly double[] _times = new double[Slots];
    private readonly Welch[] _below = new Welch[Percentiles.Length];
    private double[] _limits = [];

    /// <summary>Measures for a while.</summary>
    /// <returns>Measurements, the largest |t|, and how far apart the means lie where that is, as a part of them.</returns>
    internal (long Count, double T, double Difference) Measure(TimeSpan time)
    {
        _limits = Limits();
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < time;)
        {
            Block();
            for (int slot = 0; slot < Slots; slot++)
            {
                Take(_isRandom[slot], _times[slot]);
            }
        }

        Welch clearest = _below.MaxBy(static welch => Math.Abs(welch.T));
        return (_below[^1].Count, Math.Abs(clearest.T), clearest.Difference);
    }

    private void Take(bool isRandom, double time)
    {
        for (int i = 0; i < _limits.Length; i++)
        {
            if (time <= _limits[i])
            {
                _below[i].Add(isRandom, time);
            }
        }
    }

    /// <summary>The percentiles of a few blocks, which are thrown away.</summary>
    private double[] Limits()
    {
        var times = new List<double>();
        for (int block = 0; block < WarmUpBlocks; block++)
        {
            Block();
            times.AddRange(block < WarmUpBlocks / 2 ? [] : _times);
        }

        times.Sort();
        return [.. Percentiles.Select(part => part < 1 ? times[(int)(part * times.Count)] : double.PositiveInfinity)];
    }

    private void Block()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            _isRandom[slot] = _random.Next(2) == 0;
            subject.Fill(slot, _isRandom[slot]);
        }

        for (int slot = 0; slot < Slots; slot++)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < subject.Repeats; i++)
            {
                subject.Run(slot);
            }

            _times[slot] = Stopwatch.GetTimestamp() - begin;
        }
    }
}
