using System.Runtime.InteropServices;
using Chasqui.Core;
using Chasqui.Core.Keys;

namespace Chasqui.Cli.Commands.Live;

/// <summary>The rates of an interface's peers, from one status to the next.</summary>
internal sealed class WatchHistory
{
    /// <summary>How many rates of a peer are kept.</summary>
    internal const int Length = 60;

    private readonly Dictionary<PublicKey, PeerRates> _peers = [];

    /// <summary>The status that was added last; null before the first.</summary>
    internal TunnelStatus? Latest { get; private set; }

    /// <summary>The rates of a peer; empty ones for a peer that is new.</summary>
    internal PeerRates Of(PublicKey key) => _peers.GetValueOrDefault(key) ?? PeerRates.None;

    /// <summary>Adds a status, and forgets peers that are gone.</summary>
    internal void Add(TunnelStatus status)
    {
        double seconds = Latest is { } before ? (status.At - before.At).TotalSeconds : 0;
        var present = new HashSet<PublicKey>();
        foreach (PeerStatus peer in status.Peers)
        {
            present.Add(peer.PublicKey);
            ref PeerRates? rates = ref CollectionsMarshal.GetValueRefOrAddDefault(_peers, peer.PublicKey, out _);
            (rates ??= new PeerRates()).Add(peer, seconds);
        }

        foreach (PublicKey key in _peers.Keys.Where(key => !present.Contains(key)).ToList())
        {
            _peers.Remove(key);
        }

        Latest = status;
    }
}
