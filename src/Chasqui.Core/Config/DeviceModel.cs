using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>What a device's configuration is after changes: the rules of the set operation without a device.</summary>
/// <remarks>Borrows the secrets of the snapshot and the configurations that it was made from.</remarks>
internal sealed class DeviceModel
{
    private readonly List<PeerModel> _peers = [];
    private readonly Dictionary<PublicKey, PeerModel> _byKey = [];
    private readonly Dictionary<IpPrefix, PeerModel> _owners = [];

    /// <summary>The private key; null for none.</summary>
    internal PrivateKey? PrivateKey { get; private set; }

    internal ushort ListenPort { get; private set; }

    internal uint FwMark { get; private set; }

    internal IReadOnlyList<PeerModel> Peers => _peers;

    internal static DeviceModel From(DeviceSnapshot snapshot)
    {
        var model = new DeviceModel
        {
            PrivateKey = NotZero(snapshot.PrivateKey),
            ListenPort = snapshot.ListenPort,
            FwMark = snapshot.FwMark,
        };
        foreach (PeerSnapshot peer in snapshot.Peers)
        {
            model.Add(new PeerModel(peer.PublicKey)
            {
                PresharedKey = NotZero(peer.PresharedKey),
                Endpoint = peer.Endpoint.IsNone ? null : peer.Endpoint,
                KeepaliveSeconds = peer.PersistentKeepaliveSeconds,
                AllowedIps = { Capacity = peer.AllowedIps.Count },
            });
            foreach (IpPrefix prefix in peer.AllowedIps)
            {
                model.Give(prefix, model._peers[^1]);
            }
        }

        return model;
    }

    internal static bool AreEqual(PrivateKey? left, PrivateKey? right) =>
        left is null ? right is null : right is not null && left.FixedTimeEquals(right);

    internal static bool AreEqual(PresharedKey? left, PresharedKey? right) =>
        left is null ? right is null : right is not null && left.FixedTimeEquals(right);

    internal DeviceModel Copy()
    {
        var copy = new DeviceModel { PrivateKey = PrivateKey, ListenPort = ListenPort, FwMark = FwMark };
        foreach (PeerModel peer in _peers)
        {
            PeerModel copied = peer.Copy();
            copy.Add(copied);
            foreach (IpPrefix prefix in copied.AllowedIps)
            {
                copy._owners[prefix] = copied;
            }
        }

        return copy;
    }

    internal PeerModel? Find(PublicKey key) => _byKey.GetValueOrDefault(key);

    internal bool HasOwner(IpPrefix prefix) => _owners.ContainsKey(prefix);

    /// <summary>Makes the device what a file says, as <c>syncconf</c> would.</summary>
    internal void Sync(WgConf conf, ConfigDiffRules rules)
    {
        PrivateKey = NotZero(conf.PrivateKey);
        ListenPort = conf.ListenPort ?? (rules.KeepListenPort ? ListenPort : (ushort)0);
        FwMark = conf.FwMark ?? (rules.KeepFwMark ? FwMark : 0);
        RemoveStrangers(conf);
        foreach (WgConfPeer peer in conf.Peers)
        {
            Apply(peer);
        }

        Sort(conf);
    }

    private static PrivateKey? NotZero(PrivateKey? key) => key is { IsZero: false } ? key : null;

    private static PresharedKey? NotZero(PresharedKey? key) => key is { IsZero: false } ? key : null;

    /// <summary>Removes the peers that a file does not name; of the others what counts only as long as the file says it.</summary>
    private void RemoveStrangers(WgConf conf)
    {
        var named = new HashSet<PublicKey>();
        foreach (WgConfPeer peer in conf.Peers)
        {
            named.Add(peer.PublicKey);
        }

        foreach (PeerModel peer in _peers)
        {
            peer.PresharedKey = null;
            peer.KeepaliveSeconds = 0;
            if (!named.Contains(peer.PublicKey))
            {
                Remove(peer);
            }
        }
    }

    private void Apply(WgConfPeer conf)
    {
        PeerModel? known = Find(conf.PublicKey);
        if (conf.Remove)
        {
            if (known is not null)
            {
                Remove(known);
            }

            return;
        }

        PeerModel peer = known ?? Add(new PeerModel(conf.PublicKey));
        peer.PresharedKey = conf.PresharedKey is null ? peer.PresharedKey : NotZero(conf.PresharedKey);
        peer.Endpoint = conf.ResolvedEndpoint ?? peer.Endpoint;
        peer.KeepaliveSeconds = conf.PersistentKeepaliveSeconds ?? peer.KeepaliveSeconds;
        if (conf.ReplaceAllowedIps)
        {
            Clear(peer);
        }

        foreach (AllowedIpChange change in conf.AllowedIps)
        {
            if (!change.Remove)
            {
                Give(change.Prefix, peer);
            }
            else if (_owners.GetValueOrDefault(change.Prefix) == peer)
            {
                _ = _owners.Remove(change.Prefix);
                _ = peer.AllowedIps.Remove(change.Prefix);
            }
        }
    }

    /// <summary>Lists the peers that are left in the file's order, so that a difference has that order whatever the device's is.</summary>
    private void Sort(WgConf conf)
    {
        _peers.Clear();
        var placed = new HashSet<PublicKey>();
        foreach (WgConfPeer peer in conf.Peers)
        {
            if (placed.Add(peer.PublicKey) && Find(peer.PublicKey) is { } model)
            {
                _peers.Add(model);
            }
        }
    }

    private PeerModel Add(PeerModel peer)
    {
        _peers.Add(peer);
        _byKey[peer.PublicKey] = peer;
        return peer;
    }

    private void Remove(PeerModel peer)
    {
        Clear(peer);
        _ = _byKey.Remove(peer.PublicKey);
    }

    private void Clear(PeerModel peer)
    {
        foreach (IpPrefix prefix in peer.AllowedIps)
        {
            _ = _owners.Remove(prefix);
        }

        peer.AllowedIps.Clear();
    }

    private void Give(IpPrefix prefix, PeerModel peer)
    {
        PeerModel? owner = _owners.GetValueOrDefault(prefix);
        if (owner == peer)
        {
            return;
        }

        _ = owner?.AllowedIps.Remove(prefix);
        _owners[prefix] = peer;
        peer.AllowedIps.Add(prefix);
    }
}
