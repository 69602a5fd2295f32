using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Whom a ping is for: the peer, the interface that has it, and an address of it inside the tunnel.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Peer">The peer, as it was when it was found.</param>
/// <param name="Title">What a person calls it.</param>
/// <param name="Address">The address.</param>
internal sealed record PingTarget(string Interface, PeerStatus Peer, string Title, IpAddress Address)
{
    /// <summary>Finds a peer by an address that it owns, its name, or its key or the beginning of it.</summary>
    /// <exception cref="ConfigException">There is none, or more than one, or it has no address of its own.</exception>
    internal static PingTarget Find(string text, IReadOnlyList<WatchSubject> subjects) =>
        IpAddress.TryParse(text, out IpAddress address) ? ByAddress(address, subjects) : ByName(text, subjects);

    private static PingTarget ByAddress(IpAddress address, IReadOnlyList<WatchSubject> subjects)
    {
        PingTarget? found = null;
        int longest = -1;
        foreach ((WatchSubject subject, PeerStatus peer) in Peers(subjects))
        {
            foreach (IpPrefix prefix in peer.AllowedIps)
            {
                if (prefix.Length > longest && prefix.Contains(address))
                {
                    longest = prefix.Length;
                    found = new PingTarget(subject.Name, peer, subject.Titles.Of(peer.PublicKey), address);
                }
            }
        }

        return found ?? throw new ConfigException(
            $"{address} is in no peer's allowed addresses; they are in `chasqui show all allowed-ips', and `chasqui set' adds one.");
    }

    private static PingTarget ByName(string text, IReadOnlyList<WatchSubject> subjects)
    {
        List<(WatchSubject Subject, PeerStatus Peer)> found = [.. Peers(subjects).Where(pair => pair.Subject.Titles.Of(pair.Peer.PublicKey) == text)];
        if (found.Count == 0 && text.Length >= 4)
        {
            found = [.. Peers(subjects).Where(pair => pair.Peer.PublicKey.ToString().StartsWith(text, StringComparison.Ordinal))];
        }

        if (found is not [var (subject, peer)])
        {
            throw new ConfigException(found.Count == 0
                ? $"{ConfigException.QuoteNameOrKey(text)} is no address, and no peer's name or key; names are in `chasqui peer list IFNAME', keys in `chasqui show'."
                : $"{ConfigException.QuoteNameOrKey(text)} are {found.Count} peers; give an address or a key.");
        }

        foreach (IpPrefix prefix in peer.AllowedIps)
        {
            if (prefix.Length == prefix.Address.Bits)
            {
                return new PingTarget(subject.Name, peer, subject.Titles.Of(peer.PublicKey), prefix.Address);
            }
        }

        throw new ConfigException(
            $"{ConfigException.QuoteNameOrKey(text)} has no address of its own among its allowed addresses ({string.Join(", ", peer.AllowedIps)}); give one that it answers on.");
    }

    private static IEnumerable<(WatchSubject Subject, PeerStatus Peer)> Peers(IReadOnlyList<WatchSubject> subjects) =>
        from subject in subjects
        from peer in subject.History.Latest?.Peers ?? []
        select (subject, peer);
}
