namespace Chasqui.Siege.Renewal;

/// <summary>What one flood did to one daemon while a stream, pings and the renewal of the session went on at the same time.</summary>
internal sealed record RenewalFigures
{
    /// <summary>The stream's throughput while the flood goes to the port that nobody reads, Mbit/s: the median second.</summary>
    public required double ControlThroughput { get; init; }

    /// <summary>The part of it that the stream keeps while the flood goes to the daemon: the median second.</summary>
    public required double Kept { get; init; }

    /// <summary>The same of the worst second.</summary>
    public required double LeastKept { get; init; }

    /// <summary>99th percentile of round trips beside the stream, while the flood goes to the port that nobody reads, milliseconds.</summary>
    public required double ControlPing99 { get; init; }

    /// <summary>The same during the flood.</summary>
    public required double Ping99 { get; init; }

    /// <summary>The share of pings without an answer, 0 to 1.</summary>
    public required double PingLost { get; init; }

    /// <summary>The longest time between two answers, seconds.</summary>
    public required double LongestSilence { get; init; }

    /// <summary>How old the session was when the next was made, seconds; null if that did not happen during the flood.</summary>
    public required double? RenewedAt { get; init; }
}
