using Chasqui.Compare.Report;
using Chasqui.HostileNetwork;

namespace Chasqui.Siege.Soak;

/// <summary>What a soak has shown, without its samples: what the documents take.</summary>
internal sealed record SoakResult
{
    /// <summary>When it began, UTC.</summary>
    public required string Date { get; init; }

    /// <summary>What repeats it.</summary>
    public required string Command { get; init; }

    /// <summary>Where.</summary>
    public required Machine Machine { get; init; }

    /// <summary>How long it ran.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether nothing failed.</summary>
    public bool Passed => Failures.Count == 0;

    /// <summary>What failed, in sentences.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Transfers whose bytes arrived as they were.</summary>
    public required int WholeTransfers { get; init; }

    /// <summary>Bytes of these.</summary>
    public required long TransferredBytes { get; init; }

    /// <summary>Handshakes completed, of both ends.</summary>
    public required double Handshakes { get; init; }

    /// <summary>Disturbances by name.</summary>
    public required IReadOnlyDictionary<string, int> Disturbances { get; init; }

    /// <summary>What the middlebox did.</summary>
    public required Weather Weather { get; init; }

    /// <summary>Addresses that the server has seen the client at.</summary>
    public required int Mappings { get; init; }

    /// <summary>Datagrams that came to the middlebox.</summary>
    public required long Datagrams { get; init; }

    /// <summary>Datagrams that it lost.</summary>
    public required long Lost { get; init; }

    /// <summary>Datagrams that it altered.</summary>
    public required long Corrupted { get; init; }

    /// <summary>Datagrams that it sent again, at once or later.</summary>
    public required long Repeated { get; init; }

    /// <summary>Processor seconds of both daemons, as a share of the run's seconds.</summary>
    public required double DaemonsCpu { get; init; }

    /// <summary>The same of this program, which is both ends of the transfers and the middlebox.</summary>
    public required double OwnCpu { get; init; }

    /// <summary>Memory, descriptors and threads of each end.</summary>
    public required IReadOnlyList<SoakTrend> Trends { get; init; }

    /// <summary>Counters beside others' counters, at the end.</summary>
    public required IReadOnlyList<Drift> Drifts { get; init; }
}
