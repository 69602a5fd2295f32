using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Quick.Reload;

/// <summary>What reloading changes through the control socket: keys, port, mark and peers, in two goes, each with its inverse.</summary>
/// <remarks>
/// Peers that go, go last: once nothing else can fail, because with them goes a session that no undoing brings back.
/// A private key that the file does not have stays: a command of the file's gave it. Borrows the secrets of the snapshot and the file.
/// </remarks>
internal sealed class DeviceReload
{
    private readonly DeviceChange _change;

    private DeviceReload(DeviceSnapshot running, DeviceChange change, EndpointChoice endpoints)
    {
        Running = running;
        _change = change;
        Endpoints = endpoints;
        Outcome = DeviceOutcome.Of(running, change);
    }

    /// <summary>The device as it is.</summary>
    internal DeviceSnapshot Running { get; }

    /// <summary>Whose endpoints stay.</summary>
    internal EndpointChoice Endpoints { get; }

    /// <summary>The peers as they will be.</summary>
    internal DeviceOutcome Outcome { get; }

    /// <summary>The changes of peers.</summary>
    internal IReadOnlyList<PeerChange> Peers => _change.Peers;

    /// <summary>Whether the private key becomes another.</summary>
    internal bool ChangesPrivateKey => _change.PrivateKey is not null;

    /// <summary>The port it becomes; null if it stays.</summary>
    internal ushort? ListenPort => _change.ListenPort;

    internal static DeviceReload Of(DeviceSnapshot running, WgConf wanted, EndpointChoice endpoints)
    {
        DeviceChange change = ConfigDiff.Between(running, wanted, new ConfigDiffRules { KeepFwMark = true });
        List<PeerChange> peers = [];
        foreach (PeerChange peer in change.Peers)
        {
            bool isKept = peer.Endpoint is not null && endpoints.IsKept(peer.PublicKey);
            if (!isKept)
            {
                peers.Add(peer);
            }
            else if (peer is not { PresharedKey: null, PersistentKeepaliveSeconds: null, ReplaceAllowedIps: false, AllowedIps.Count: 0 })
            {
                peers.Add(WithoutEndpoint(peer));
            }
        }

        return new DeviceReload(
            running,
            new DeviceChange { PrivateKey = wanted.PrivateKey is null ? null : change.PrivateKey, ListenPort = change.ListenPort, Peers = peers },
            endpoints);
    }

    /// <summary>All but what is taken away.</summary>
    /// <param name="mark">The mark that is wanted; 0 is no business of this go.</param>
    internal DeviceChange Configuring(uint mark) => new()
    {
        PrivateKey = _change.PrivateKey,
        ListenPort = _change.ListenPort,
        FwMark = mark != 0 && mark != Running.FwMark ? mark : null,
        Peers = [.. _change.Peers.Where(static peer => !peer.Remove)],
    };

    /// <summary>What undoes <see cref="Configuring"/>.</summary>
    internal DeviceChange Restoring(uint mark)
    {
        DeviceChange done = Configuring(mark);
        DeviceOutcome after = DeviceOutcome.Of(Running, done);
        HashSet<PublicKey> known = [.. Running.Peers.Select(static peer => peer.PublicKey)];
        Dictionary<PublicKey, PeerChange> changed = [];
        List<PeerChange> peers = [];
        foreach (PeerChange peer in done.Peers)
        {
            changed[peer.PublicKey] = peer;
            if (!known.Contains(peer.PublicKey))
            {
                peers.Add(new PeerChange { PublicKey = peer.PublicKey, Remove = true });
            }
        }

        foreach (PeerSnapshot peer in Running.Peers)
        {
            PeerOutcome now = after.Find(peer.PublicKey)!;
            bool isMoved = !now.AllowedIps.SequenceEqual(peer.AllowedIps);
            PeerChange? change = changed.GetValueOrDefault(peer.PublicKey);
            if (isMoved || change is not null)
            {
                peers.Add(Restore(
                    peer, isMoved, change?.PresharedKey is not null, change?.Endpoint is not null, change?.PersistentKeepaliveSeconds is not null));
            }
        }

        return new DeviceChange
        {
            PrivateKey = done.PrivateKey is null ? null : Running.PrivateKey ?? new PrivateKey(new byte[PrivateKey.Length]),
            ListenPort = done.ListenPort is null ? null : Running.ListenPort,
            FwMark = done.FwMark is null ? null : Running.FwMark,
            Peers = peers,
        };
    }

    /// <summary>What is taken away.</summary>
    /// <param name="mark">The mark that is wanted.</param>
    internal DeviceChange Removing(uint mark) => new()
    {
        FwMark = mark == 0 && Running.FwMark != 0 ? 0u : null,
        Peers = [.. _change.Peers.Where(static peer => peer.Remove)],
    };

    /// <summary>What undoes <see cref="Removing"/>, but for the sessions.</summary>
    internal DeviceChange Returning(uint mark)
    {
        DeviceChange done = Removing(mark);
        HashSet<PublicKey> gone = [.. done.Peers.Select(static peer => peer.PublicKey)];
        return new DeviceChange
        {
            FwMark = done.FwMark is null ? null : Running.FwMark,
            Peers = [.. Running.Peers.Where(peer => gone.Contains(peer.PublicKey)).Select(static peer => Restore(peer, true, true, true, true))],
        };
    }

    private static PeerChange Restore(PeerSnapshot peer, bool hasAllowedIps, bool hasPresharedKey, bool hasEndpoint, bool hasKeepalive) => new()
    {
        PublicKey = peer.PublicKey,
        PresharedKey = hasPresharedKey ? peer.PresharedKey ?? new PresharedKey(new byte[PresharedKey.Length]) : null,

        // No daemon can be told to forget one.
        Endpoint = hasEndpoint && !peer.Endpoint.IsNone ? peer.Endpoint : null,
        PersistentKeepaliveSeconds = hasKeepalive ? peer.PersistentKeepaliveSeconds : null,
        ReplaceAllowedIps = hasAllowedIps,
        AllowedIps = hasAllowedIps ? [.. peer.AllowedIps.Select(static prefix => new AllowedIpChange(prefix, Remove: false))] : [],
    };

    private static PeerChange WithoutEndpoint(PeerChange peer) => new()
    {
        PublicKey = peer.PublicKey,
        PresharedKey = peer.PresharedKey,
        PersistentKeepaliveSeconds = peer.PersistentKeepaliveSeconds,
        ReplaceAllowedIps = peer.ReplaceAllowedIps,
        AllowedIps = peer.AllowedIps,
    };
}
