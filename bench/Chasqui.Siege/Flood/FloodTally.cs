using Chasqui.Compare.Measures;
using Chasqui.Compare.Report;

namespace Chasqui.Siege.Flood;

/// <summary>What was measured in all turns in which a flood went to the same port.</summary>
internal sealed class FloodTally
{
    private readonly List<double> _milliseconds = [];
    private int _asked;

    /// <summary>Of each transfer, Mbit/s.</summary>
    public List<double> Throughput { get; } = [];

    /// <summary>Processor seconds of the daemon while it was pinged.</summary>
    public double Cpu { get; set; }

    /// <summary>How long it was pinged.</summary>
    public double Seconds { get; set; }

    /// <summary>Datagrams that it was sent meanwhile.</summary>
    public long Datagrams { get; set; }

    /// <summary>The share of pings without an answer, 0 to 1.</summary>
    public double Lost => _asked == 0 ? 1 : Math.Max(0, 1 - ((double)_milliseconds.Count / _asked));

    /// <summary>Takes the pings of a turn.</summary>
    public void Add(PingTimes times)
    {
        _milliseconds.AddRange(times.Milliseconds);
        _asked += times.Sent;
    }

    /// <summary>A percentile of the round trips, milliseconds; not a number if there are none.</summary>
    public double Ping(double percent) => _milliseconds.Count == 0 ? double.NaN : Statistics.Percentile(_milliseconds, percent);
}
