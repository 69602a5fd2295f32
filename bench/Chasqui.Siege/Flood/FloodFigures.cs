namespace Chasqui.Siege.Flood;

/// <summary>What one flood did to one daemon, in one round or as the medians of all.</summary>
internal sealed record FloodFigures
{
    /// <summary>The legitimate peer's throughput while the flood goes to the port that nobody reads, Mbit/s.</summary>
    public required double ControlThroughput { get; init; }

    /// <summary>The part of it that the peer keeps while the flood goes to the daemon: the median over all turns.</summary>
    public required double Kept { get; init; }

    /// <summary>The same of the worst turn of all.</summary>
    public required double LeastKept { get; init; }

    /// <summary>The same of the best.</summary>
    public required double MostKept { get; init; }

    /// <summary>Median round trip while the flood goes to the port that nobody reads, milliseconds.</summary>
    public required double ControlPing50 { get; init; }

    /// <summary>Its 99th percentile.</summary>
    public required double ControlPing99 { get; init; }

    /// <summary>Median round trip during the flood.</summary>
    public required double Ping50 { get; init; }

    /// <summary>Its 99th percentile.</summary>
    public required double Ping99 { get; init; }

    /// <summary>The share of pings without an answer during the flood, 0 to 1.</summary>
    public required double PingLost { get; init; }

    /// <summary>Seconds until a new handshake was complete during the flood; null if it was not.</summary>
    public required double? Rekey { get; init; }

    /// <summary>The daemon's processor time for a hostile datagram, microseconds.</summary>
    public required double CpuPerDatagram { get; init; }

    /// <summary>Hostile datagrams a second that were sent.</summary>
    public required double Rate { get; init; }
}
