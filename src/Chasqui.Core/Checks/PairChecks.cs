using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Checks;

/// <summary>Files that are each other's ends: what one says of the other must be so.</summary>
internal static class PairChecks
{
    internal static void Run(IReadOnlyList<CheckedConf> confs)
    {
        Dictionary<PublicKey, CheckedConf> owners = [];
        foreach (CheckedConf conf in confs)
        {
            if (conf.OwnKey is { } key && !owners.TryAdd(key, conf))
            {
                conf.Add(
                    CheckSeverity.Warning,
                    CheckRule.PrivateKeyShared,
                    ConfKeys.PrivateKey,
                    conf.InterfaceLineOf(ConfKeys.PrivateKey),
                    $"{owners[key].Reference} has the same private key, so that peers take both for one",
                    "make another with `chasqui genkey'");
            }
        }

        CheckPorts(confs);
        CheckKeys(confs);
        foreach (CheckedConf conf in confs)
        {
            foreach (CheckedPeer peer in conf.Peers)
            {
                if (peer.Conf.HasPublicKey && conf.OwnKey is { } own && own != peer.Conf.PublicKey
                    && owners.TryGetValue(peer.Conf.PublicKey, out CheckedConf? other))
                {
                    CheckEnd(conf, peer, other, other.Peers.FirstOrDefault(back => back.Conf.HasPublicKey && back.Conf.PublicKey == own));
                }
            }
        }
    }

    /// <summary>Interfaces of this machine listen at different ports. Files in other folders may be for other machines.</summary>
    private static void CheckPorts(IReadOnlyList<CheckedConf> confs)
    {
        Dictionary<ushort, CheckedConf> listeners = [];
        foreach (CheckedConf conf in confs)
        {
            bool isHere = conf.Subject.File is { } file && file.LastIndexOf('/') == QuickConfName.Directory.Length
                && file.StartsWith(QuickConfName.Directory, StringComparison.Ordinal);
            if (isHere && conf.Conf.ListenPort is { } port and not 0 && !listeners.TryAdd(port, conf))
            {
                conf.Add(
                    CheckSeverity.Warning,
                    CheckRule.PortShared,
                    ConfKeys.ListenPort,
                    conf.InterfaceLineOf(ConfKeys.ListenPort),
                    $"{listeners[port].Reference} has the same port, so that only one of both interfaces can be up",
                    "give one of them another");
            }
        }
    }

    /// <summary>A peer that has exactly the address of another file's interface is that interface, whatever its key says.</summary>
    private static void CheckKeys(IReadOnlyList<CheckedConf> confs)
    {
        Dictionary<IpAddress, CheckedConf> hosts = [];
        foreach (CheckedConf conf in confs)
        {
            foreach (CheckedPrefix address in conf.Addresses)
            {
                _ = hosts.TryAdd(address.Written.Address, conf);
            }
        }

        foreach (CheckedConf conf in confs)
        {
            HashSet<PublicKey> keys = [.. conf.Peers.Where(static peer => peer.Conf.HasPublicKey).Select(static peer => peer.Conf.PublicKey)];
            foreach (CheckedPeer peer in conf.Peers)
            {
                CheckedPrefix host = peer.AllowedIps.FirstOrDefault(
                    prefix => prefix.Written.Length == prefix.Written.Address.Bits && hosts.ContainsKey(prefix.Written.Address));
                if (peer.Conf.HasPublicKey && host.Line > 0 && hosts[host.Written.Address] is { OwnKey: { } key } other
                    && !ReferenceEquals(other, conf) && !keys.Contains(key))
                {
                    AddWrongKey(conf, peer, host, other);
                }
            }
        }
    }

    private static void AddWrongKey(CheckedConf conf, CheckedPeer peer, CheckedPrefix host, CheckedConf other) => conf.Add(
        CheckSeverity.Error,
        CheckRule.WrongPublicKey,
        peer,
        ConfKeys.PublicKey,
        $"the peer has {host.Written.Address}, the Address in {other.Reference}, but not its public key",
        $"put {other.OwnKey} there, or correct the address");

    /// <summary>Checks what one end says of the other; what is true of both is told once, where the lower key is.</summary>
    private static void CheckEnd(CheckedConf conf, CheckedPeer peer, CheckedConf other, CheckedPeer? back)
    {
        if (back is null)
        {
            conf.Add(
                CheckSeverity.Error,
                CheckRule.OneSided,
                peer,
                ConfKeys.PublicKey,
                $"{other.Reference} is this peer's file, and has no peer with the public key {conf.OwnKey} of this one",
                "add or correct the peer there");
            return;
        }

        CheckAddresses(conf, peer, other);
        CheckPort(conf, peer, other);
        if (conf.OwnKey!.Value.AsSpan().SequenceCompareTo(peer.Conf.PublicKey.AsSpan()) < 0)
        {
            CheckBoth(conf, peer, other, back);
        }
    }

    private static void CheckAddresses(CheckedConf conf, CheckedPeer peer, CheckedConf other)
    {
        PrefixSet allowed = peer.AllowedSet;
        foreach (CheckedPrefix address in other.Addresses)
        {
            if (!allowed.Contains(address.Written.Address))
            {
                conf.Add(
                    CheckSeverity.Error,
                    CheckRule.AddressNotAllowed,
                    peer,
                    ConfKeys.AllowedIps,
                    $"{address.Written.Address}, an Address in {other.Reference}, is not among them, so that what comes from it is dropped",
                    "add it");
            }
        }
    }

    private static void CheckPort(CheckedConf conf, CheckedPeer peer, CheckedConf other)
    {
        if (peer.Conf.Endpoint is not { } endpoint || !ConfEndpoint.TryParsePort(endpoint.Service, out ushort port)
            || other.Conf.ListenPort == port)
        {
            return;
        }

        string listens = other.Conf.ListenPort is { } there and not 0 ? $"listens at {there}" : "has no ListenPort, and another port each time";
        conf.Add(
            CheckSeverity.Warning,
            CheckRule.EndpointPort,
            peer,
            ConfKeys.Endpoint,
            $"the port is {port}, and {other.Reference} {listens}",
            "make them the same, unless a router between them changes the port");
    }

    private static void CheckBoth(CheckedConf conf, CheckedPeer peer, CheckedConf other, CheckedPeer back)
    {
        if (!peer.HasEndpoint && !back.HasEndpoint)
        {
            conf.Add(
                CheckSeverity.Error,
                CheckRule.NoEndpointOnEitherSide,
                peer,
                ConfKeys.Endpoint,
                $"neither this peer nor {back.Reference} in {other.Reference} has an Endpoint, so that neither can begin",
                "add one on the side that can reach the other");
        }

        if (!DeviceModel.AreEqual(NotZero(peer.Conf.PresharedKey), NotZero(back.Conf.PresharedKey)))
        {
            string problem = peer.Conf.PresharedKey is null ? $"there is none here, and one in {other.Reference}"
                : back.Conf.PresharedKey is null ? $"there is one here, and none in {other.Reference}"
                : $"the key is another than in {other.Reference}";
            conf.Add(CheckSeverity.Error, CheckRule.PresharedKeysDiffer, peer, ConfKeys.PresharedKey, problem, "put the same key into both, or none");
        }

        HashSet<IpAddress> there = [.. other.Addresses.Select(static address => address.Written.Address)];
        foreach (CheckedPrefix address in conf.Addresses)
        {
            if (there.Contains(address.Written.Address))
            {
                conf.Add(
                    CheckSeverity.Error,
                    CheckRule.SameAddress,
                    ConfKeys.Address,
                    address.Line,
                    $"{address.Written.Address} is an Address in {other.Reference} too",
                    "give each end its own");
            }
        }
    }

    private static PresharedKey? NotZero(PresharedKey? key) => key is { IsZero: false } ? key : null;
}
