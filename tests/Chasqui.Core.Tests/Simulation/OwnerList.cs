using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>Who owns which address on one host, naively: a list, kept from the changes that the tunnel was given, read from end to end.</summary>
internal sealed class OwnerList
{
    private readonly HashSet<PublicKey> _peers = [];
    private readonly List<(IpPrefix Prefix, PublicKey Owner)> _prefixes = [];

    /// <summary>Does with the list what the change does with the tunnel.</summary>
    /// <param name="change">The change.</param>
    /// <param name="self">The host's own key after it: no peer ever has that one.</param>
    internal void Apply(DeviceChange change, PublicKey self)
    {
        if (change.ReplacePeers)
        {
            _peers.Clear();
            _prefixes.Clear();
        }

        Forget(self);
        foreach (PeerChange peer in change.Peers)
        {
            if (peer.Remove)
            {
                Forget(peer.PublicKey);
            }
            else if (peer.PublicKey != self && (_peers.Contains(peer.PublicKey) || !peer.UpdateOnly))
            {
                _peers.Add(peer.PublicKey);
                ApplyPrefixes(peer);
            }
        }
    }

    /// <summary>The peer whose prefix around an address is the longest, or null.</summary>
    internal PublicKey? OwnerOf(IpAddress address)
    {
        PublicKey? owner = null;
        int longest = -1;
        foreach ((IpPrefix prefix, PublicKey candidate) in _prefixes)
        {
            if (prefix.Length > longest && Covers(prefix, address))
            {
                (owner, longest) = (candidate, prefix.Length);
            }
        }

        return owner;
    }

    private void Forget(PublicKey key)
    {
        _peers.Remove(key);
        _prefixes.RemoveAll(entry => entry.Owner == key);
    }

    private void ApplyPrefixes(PeerChange peer)
    {
        if (peer.ReplaceAllowedIps)
        {
            _prefixes.RemoveAll(entry => entry.Owner == peer.PublicKey);
        }

        foreach ((IpPrefix prefix, bool isRemoved) in peer.AllowedIps)
        {
            _prefixes.RemoveAll(entry => entry.Prefix.Length == prefix.Length && Covers(entry.Prefix, prefix.Address)
                && (!isRemoved || entry.Owner == peer.PublicKey));
            if (!isRemoved)
            {
                _prefixes.Add((prefix, peer.PublicKey));
            }
        }
    }

    /// <summary>Bit by bit.</summary>
    private static bool Covers(IpPrefix prefix, IpAddress address)
    {
        byte[] one = new byte[16], other = new byte[16];
        int length = prefix.Address.WriteBytes(one);
        bool isSame = length == address.WriteBytes(other);
        for (int bit = 0; bit < prefix.Length; bit++)
        {
            isSame &= ((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) == 0;
        }

        return isSame;
    }
}
