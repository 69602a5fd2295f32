using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Checks;

/// <summary>Keys that can be read, but not used as they are.</summary>
internal static class KeyChecks
{
    internal static void Run(CheckedConf conf)
    {
        if (conf.Conf.PrivateKey is { IsZero: true })
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.ZeroKey,
                ConfKeys.PrivateKey,
                conf.InterfaceLineOf(ConfKeys.PrivateKey),
                "the key is all zeros, which stands for no key",
                "put one there that `chasqui genkey' makes");
        }

        Dictionary<PublicKey, CheckedPeer> known = [];
        foreach (CheckedPeer peer in conf.Peers)
        {
            if (peer.Conf.HasPublicKey)
            {
                CheckPublicKey(conf, peer);
                CheckKnown(conf, peer, known);
            }

            CheckPresharedKey(conf, peer);
        }
    }

    private static void CheckPublicKey(CheckedConf conf, CheckedPeer peer)
    {
        PublicKey key = peer.Conf.PublicKey;
        if (key.IsLowOrder)
        {
            Error(
                conf,
                CheckRule.UnusablePublicKey,
                peer,
                ConfKeys.PublicKey,
                key.IsZero ? "the key is all zeros" : "the key is a point of low order, with which no secret can be agreed",
                "get the peer's public key again");
        }

        if (conf.OwnKey == key)
        {
            Error(
                conf,
                CheckRule.OwnPublicKey,
                peer,
                ConfKeys.PublicKey,
                "the key is this interface's own, so that the peer is skipped",
                "put the public key of the other end there");
        }
        else if (conf.Conf.PrivateKey is { IsZero: false } own && IsSame(own, key.AsSpan()))
        {
            Error(
                conf,
                CheckRule.KeyUsedTwice,
                peer,
                ConfKeys.PublicKey,
                "the value is this interface's private key",
                "put the public key of the other end there, and make a new private key if this file was given away");
        }
    }

    private static void CheckKnown(CheckedConf conf, CheckedPeer peer, Dictionary<PublicKey, CheckedPeer> known)
    {
        if (!known.TryAdd(peer.Conf.PublicKey, peer))
        {
            CheckedPeer first = known[peer.Conf.PublicKey];
            Error(
                conf,
                CheckRule.PeerTwice,
                peer,
                ConfKeys.PublicKey,
                $"{first.Reference} is the same peer, whose AllowedIPs these replace",
                "put both into one section, or correct the key");
        }
    }

    private static void CheckPresharedKey(CheckedConf conf, CheckedPeer peer)
    {
        if (peer.Conf.PresharedKey is not { } key)
        {
            return;
        }

        if (key.IsZero)
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.ZeroKey,
                peer,
                ConfKeys.PresharedKey,
                "the key is all zeros, which stands for no key",
                "remove it, or put one there that `chasqui genpsk' makes");
        }
        else if (conf.Conf.PrivateKey is { IsZero: false } own && IsSame(own, key.DangerousSpan))
        {
            Error(conf, CheckRule.KeyUsedTwice, peer, ConfKeys.PresharedKey, "the value is this interface's private key", "make one with `chasqui genpsk'");
        }
        else if (peer.Conf.HasPublicKey && key.DangerousSpan.SequenceEqual(peer.Conf.PublicKey.AsSpan()))
        {
            Error(
                conf, CheckRule.KeyUsedTwice, peer, ConfKeys.PresharedKey, "the value is the peer's public key, which is no secret", "make one with `chasqui genpsk'");
        }
    }

    /// <summary>Whether some bytes are the private key, clamped or as it was made.</summary>
    private static bool IsSame(PrivateKey own, ReadOnlySpan<byte> bytes)
    {
        using var other = new PrivateKey(bytes);
        return own.FixedTimeEquals(other);
    }

    private static void Error(CheckedConf conf, CheckRule rule, CheckedPeer peer, string key, string problem, string remedy) =>
        conf.Add(CheckSeverity.Error, rule, peer, key, problem, remedy);
}
