using Chasqui.Core;
using Chasqui.Core.Keys;
using Chasqui.Device;

namespace Chasqui.Metrics;

/// <summary>One interface at one moment, as it is written down.</summary>
public sealed class InterfaceMetrics
{
    /// <summary>How many peers have metrics of their own: those added first. The others are counted in <c>chasqui_peers</c> alone.</summary>
    public const int MaxPeers = 2048;

    /// <summary>The interface's name.</summary>
    public required string Name { get; init; }

    /// <summary>State and counters.</summary>
    public required TunnelStatus Status { get; init; }

    /// <summary>What people call the peers; one without a name is called by its key, abbreviated.</summary>
    public IReadOnlyDictionary<PublicKey, string> PeerNames { get; init; } = new Dictionary<PublicKey, string>();

    /// <summary>What only the process that runs the interface knows; null elsewhere.</summary>
    internal DeviceFigures? Figures { get; init; }

    /// <summary>The labels of the interface.</summary>
    internal string Labels => field ??= MetricsText.Label("interface", Name);

    /// <summary>The peers that have metrics of their own, and their labels.</summary>
    internal IReadOnlyList<(PeerStatus Peer, string Labels)> Peers => field ??= MakePeers();

    private List<(PeerStatus Peer, string Labels)> MakePeers()
    {
        var peers = new List<(PeerStatus, string)>();
        foreach (PeerStatus peer in Status.Peers.Take(MaxPeers))
        {
            PublicKey key = peer.PublicKey;
            string name = MetricsText.Label("peer", key.NameIn(PeerNames));
            peers.Add((peer, $"{Labels},{name},{MetricsText.Label("public_key", key.ToString())}"));
        }

        return peers;
    }
}
