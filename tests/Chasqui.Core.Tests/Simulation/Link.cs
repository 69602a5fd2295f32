namespace Chasqui.Core.Tests.Simulation;

/// <summary>What one direction between two hosts does to datagrams.</summary>
internal sealed record Link
{
    /// <summary>Ten milliseconds, and nothing is ever lost or changed.</summary>
    internal static Link Perfect { get; } = new();

    internal TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>A random time on top of the delay: more than the gap between two datagrams reorders them.</summary>
    internal TimeSpan Jitter { get; init; }

    /// <summary>Probability that a datagram is lost; the next two, that it comes twice, and that one bit is wrong.</summary>
    internal double Loss { get; init; }

    internal double Duplication { get; init; }

    internal double Corruption { get; init; }

    /// <summary>Longest datagram that passes, in bytes of UDP payload.</summary>
    internal int Mtu { get; init; } = 65535;

    /// <summary>Whether nothing passes at all.</summary>
    internal bool IsCut { get; init; }

    /// <summary>Whether a router on the way is congested and marks what is ECN-capable.</summary>
    internal bool MarksCongestion { get; init; }
}
