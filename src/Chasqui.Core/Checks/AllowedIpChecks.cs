using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Checks;

/// <summary>Which peer an address belongs to. Prefixes in one another are how routing works, equal ones are a mistake.</summary>
internal static class AllowedIpChecks
{
    internal static void Run(CheckedConf conf)
    {
        Dictionary<IpPrefix, CheckedPeer> owners = [];
        HashSet<IpAddress> own = [.. conf.Addresses.Select(static address => address.Written.Address)];
        foreach (CheckedPeer peer in conf.Peers)
        {
            if (peer.Section.Get(ConfKeys.AllowedIps) is null)
            {
                conf.Add(
                    CheckSeverity.Warning,
                    CheckRule.MissingAllowedIps,
                    peer,
                    ConfKeys.AllowedIps,
                    "the peer has none, so that no packet goes to it or is taken from it",
                    "add its addresses");
            }

            foreach (CheckedPrefix allowed in peer.AllowedIps)
            {
                CheckOwner(conf, peer, allowed, owners);
                CheckOwnAddress(conf, peer, allowed, own);
            }
        }
    }

    private static void CheckOwner(CheckedConf conf, CheckedPeer peer, CheckedPrefix allowed, Dictionary<IpPrefix, CheckedPeer> owners)
    {
        IpPrefix prefix = allowed.Written.Prefix;
        if (owners.TryAdd(prefix, peer))
        {
            return;
        }

        CheckedPeer owner = owners[prefix];
        owners[prefix] = peer;
        if (ReferenceEquals(owner, peer))
        {
            conf.Add(
                CheckSeverity.Warning, CheckRule.AllowedIpRepeated, peer, ConfKeys.AllowedIps, allowed.Line, $"{prefix} is there more than once", "remove one of them");
            return;
        }

        conf.Add(
            CheckSeverity.Error,
            CheckRule.AllowedIpTwice,
            peer,
            ConfKeys.AllowedIps,
            allowed.Line,
            $"{prefix} is taken from {owner.Reference}, which has it too",
            $"leave it to one of {owner.ShortName ?? "the other"} and {peer.ShortName ?? "this one"}, or give each a part of it");
    }

    private static void CheckOwnAddress(CheckedConf conf, CheckedPeer peer, CheckedPrefix allowed, HashSet<IpAddress> own)
    {
        if (allowed.Written.Length == allowed.Written.Address.Bits && own.Contains(allowed.Written.Address))
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.OwnAddress,
                peer,
                ConfKeys.AllowedIps,
                allowed.Line,
                $"{allowed.Written.Prefix} is this interface's own address",
                "give the peer's");
        }
    }
}
