using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Quick.Reload;

/// <summary>The peers of a device once a change has been made. Source: the set operation of wireguard.com/xplatform.</summary>
internal sealed class DeviceOutcome
{
    private readonly List<PeerOutcome> _peers = [];
    private readonly Dictionary<PublicKey, PeerOutcome> _byKey = [];
    private readonly Dictionary<IpPrefix, PeerOutcome> _owners = [];

    private DeviceOutcome()
    {
    }

    internal IReadOnlyList<PeerOutcome> Peers => _peers;

    internal IEnumerable<IpPrefix> AllowedIps => _peers.SelectMany(static peer => peer.AllowedIps);

    internal static DeviceOutcome Of(DeviceSnapshot running, DeviceChange change)
    {
        var outcome = new DeviceOutcome();
        foreach (PeerSnapshot peer in running.Peers)
        {
            PeerOutcome known = outcome.Add(peer.PublicKey);
            known.Endpoint = peer.Endpoint;
            known.KeepaliveSeconds = peer.PersistentKeepaliveSeconds;
            outcome.Give(known, peer.AllowedIps);
        }

        foreach (PeerChange peer in change.Peers)
        {
            outcome.Apply(peer);
        }

        return outcome;
    }

    internal PeerOutcome? Find(PublicKey key) => _byKey.GetValueOrDefault(key);

    private void Apply(PeerChange change)
    {
        PeerOutcome? known = Find(change.PublicKey);
        if (change.Remove)
        {
            if (known is not null)
            {
                Clear(known);
                _ = _peers.Remove(known);
                _ = _byKey.Remove(known.PublicKey);
            }

            return;
        }

        PeerOutcome peer = known ?? Add(change.PublicKey);
        peer.Endpoint = change.Endpoint ?? peer.Endpoint;
        peer.KeepaliveSeconds = change.PersistentKeepaliveSeconds ?? peer.KeepaliveSeconds;
        if (change.ReplaceAllowedIps)
        {
            Clear(peer);
        }

        Give(peer, change.AllowedIps.Where(static allowed => !allowed.Remove).Select(static allowed => allowed.Prefix));
    }

    private PeerOutcome Add(PublicKey key)
    {
        var peer = new PeerOutcome(key);
        _peers.Add(peer);
        _byKey[key] = peer;
        return peer;
    }

    private void Clear(PeerOutcome peer)
    {
        foreach (IpPrefix prefix in peer.AllowedIps)
        {
            _ = _owners.Remove(prefix);
        }

        peer.AllowedIps.Clear();
    }

    private void Give(PeerOutcome peer, IEnumerable<IpPrefix> prefixes)
    {
        foreach (IpPrefix prefix in prefixes)
        {
            PeerOutcome? owner = _owners.GetValueOrDefault(prefix);
            if (owner != peer)
            {
                _ = owner?.AllowedIps.Remove(prefix);
                _owners[prefix] = peer;
                peer.AllowedIps.Add(prefix);
            }
        }
    }
}
