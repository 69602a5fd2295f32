using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>The least change that brings a device to what a configuration says, sessions and counters kept.</summary>
/// <remarks>
/// What <c>wg syncconf</c> brings about, without what is so already. Removals come first, in the device's order, then the other peers, in
/// the configuration's. An address that several peers list belongs to the last of them. Endpoints that are not resolved, or not written,
/// change nothing. The change shares the secrets of the configuration. Source: wireguard-tools setconf.c.
/// </remarks>
public static class ConfigDiff
{
    /// <summary>The change from a device as it is.</summary>
    public static DeviceChange Between(DeviceSnapshot running, WgConf wanted, ConfigDiffRules rules)
    {
        ArgumentNullException.ThrowIfNull(running);
        return Between(DeviceModel.From(running), wanted, rules);
    }

    /// <summary>The change from a device that another configuration has set up.</summary>
    public static DeviceChange Between(WgConf before, WgConf wanted, ConfigDiffRules rules)
    {
        ArgumentNullException.ThrowIfNull(before);
        var model = new DeviceModel();
        model.Sync(before, new ConfigDiffRules());
        return Between(model, wanted, rules);
    }

    /// <summary>Whether a change changes nothing.</summary>
    public static bool IsEmpty(DeviceChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change is { PrivateKey: null, ListenPort: null, FwMark: null, ReplacePeers: false, Peers.Count: 0 };
    }

    private static DeviceChange Between(DeviceModel running, WgConf conf, ConfigDiffRules rules)
    {
        ArgumentNullException.ThrowIfNull(conf);
        ArgumentNullException.ThrowIfNull(rules);
        DeviceModel wanted = running.Copy();
        wanted.Sync(conf, rules);
        return new DeviceChange
        {
            PrivateKey = DeviceModel.AreEqual(running.PrivateKey, wanted.PrivateKey)
                ? null
                : wanted.PrivateKey ?? new PrivateKey(new byte[PrivateKey.Length]),
            ListenPort = running.ListenPort == wanted.ListenPort ? null : wanted.ListenPort,
            FwMark = running.FwMark == wanted.FwMark ? null : wanted.FwMark,
            Peers = PeerChanges(running, wanted, rules),
        };
    }

    private static List<PeerChange> PeerChanges(DeviceModel running, DeviceModel wanted, ConfigDiffRules rules)
    {
        List<PeerChange> changes = [];
        foreach (PeerModel peer in running.Peers)
        {
            if (wanted.Find(peer.PublicKey) is null)
            {
                changes.Add(new PeerChange { PublicKey = peer.PublicKey, Remove = true });
            }
        }

        foreach (PeerModel peer in wanted.Peers)
        {
            PeerModel? before = running.Find(peer.PublicKey);
            PeerChange change = Change(before ?? new PeerModel(peer.PublicKey), peer, wanted, rules);
            if (before is null || !IsEmpty(change))
            {
                changes.Add(change);
            }
        }

        return changes;
    }

    private static PeerChange Change(PeerModel before, PeerModel peer, DeviceModel wanted, ConfigDiffRules rules)
    {
        List<IpPrefix> surplus = before.AllowedIps.FindAll(prefix => !wanted.HasOwner(prefix));
        bool isReplaced = surplus.Count > 0 && !rules.RemoveSingleAllowedIps;
        var known = new HashSet<IpPrefix>(isReplaced ? [] : before.AllowedIps);
        List<AllowedIpChange> allowedIps = [];
        foreach (IpPrefix prefix in isReplaced ? [] : surplus)
        {
            allowedIps.Add(new AllowedIpChange(prefix, Remove: true));
        }

        foreach (IpPrefix prefix in peer.AllowedIps)
        {
            if (!known.Contains(prefix))
            {
                allowedIps.Add(new AllowedIpChange(prefix, Remove: false));
            }
        }

        return new PeerChange
        {
            PublicKey = peer.PublicKey,
            PresharedKey = DeviceModel.AreEqual(before.PresharedKey, peer.PresharedKey)
                ? null
                : peer.PresharedKey ?? new PresharedKey(new byte[PresharedKey.Length]),
            Endpoint = before.Endpoint == peer.Endpoint ? null : peer.Endpoint,
            PersistentKeepaliveSeconds = before.KeepaliveSeconds == peer.KeepaliveSeconds ? null : peer.KeepaliveSeconds,
            ReplaceAllowedIps = isReplaced,
            AllowedIps = allowedIps,
        };
    }

    private static bool IsEmpty(PeerChange change) => change is
    {
        Remove: false, PresharedKey: null, Endpoint: null, PersistentKeepaliveSeconds: null, ReplaceAllowedIps: false, AllowedIps.Count: 0,
    };
}
