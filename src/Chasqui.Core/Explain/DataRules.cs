using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>Sessions that work, and packets in them that do not arrive.</summary>
internal static class DataRules
{
    // A keepalive is 32 bytes, a handshake's messages 148 and 92.
    private const ulong KeepaliveBytes = 32, HandshakeBytes = 148 + 92;

    // Below that a connection may just be opening.
    private const ulong FewBytes = 500;

    // Moves to and fro within the window: three are two machines.
    private const int ManyMoves = 3;
    private const int ManyReplays = 10;

    /// <summary>What is told of the interface, since packets for nobody have no peer.</summary>
    internal static void Run(ExplainContext context)
    {
        HashSet<IpAddress> told = [];
        List<string> evidence = [];
        foreach (TunnelEvent drop in context.DropsFor(DropReason.NoPeerForDestination))
        {
            // What the tunnel sends into itself has a verdict of its own.
            bool isLoop = context.Host?.Ways.Any(way => way.IsThroughTunnel && way.Endpoint.Address == drop.Inner) ?? false;
            if (!isLoop && !IsForEverybody(context, drop.Inner) && told.Add(drop.Inner))
            {
                evidence.Add($"to {drop.Inner}, {ExplainText.Time(context.Age(drop))} ago");
            }
        }

        if (told.Count > 0)
        {
            IpAddress first = told.First();
            context.Problem(
                ExplainCode.NoPeerForDestination,
                $"packets for {first} enter {context.Interface}, but no peer has that address among its AllowedIPs",
                $"add it to the peer whose it is: chasqui set {context.Interface} peer KEY allowed-ips +{first}/{first.Bits}",
                evidence);
        }
    }

    internal static void Run(ExplainContext context, PeerCase peer)
    {
        CheckSources(context, peer);
        CheckMoves(context, peer);
        CheckReplays(peer);
        CheckOneWay(context, peer);
    }

    private static void CheckSources(ExplainContext context, PeerCase peer)
    {
        HashSet<IpAddress> told = [];
        foreach (TunnelEvent drop in peer.Events(TunnelEventKind.Dropped, DropReason.SourceNotAllowed))
        {
            if (IsForEverybody(context, drop.Inner) || !told.Add(drop.Inner))
            {
                continue;
            }

            string owner = drop.Owner is { } key ? $"it belongs to {context.NameOf(key)}" : "it belongs to no peer";
            peer.Problem(
                ExplainCode.SourceNotAllowed,
                $"{peer.Name} sends from {drop.Inner}, which is not among its AllowedIPs here: {owner}",
                $"if it may: chasqui set {context.Interface} peer {peer.Status.PublicKey} allowed-ips +{drop.Inner}/{drop.Inner.Bits}; else correct the address there",
                $"its AllowedIPs are {Prefixes(peer.Status.AllowedIps)}",
                $"{ExplainText.Count(peer.Status.Drops.GetValueOrDefault(DropReason.SourceNotAllowed, 1), "packet")} refused, the last of them {ExplainText.Time(context.Age(drop))} ago");
        }
    }

    private static void CheckMoves(ExplainContext context, PeerCase peer)
    {
        TunnelEvent[] moves = [.. peer.Events(TunnelEventKind.PeerRoamed).Where(static told => !told.Before.IsNone)];
        HashSet<IpEndpoint> places = [.. moves.SelectMany(static move => (IEnumerable<IpEndpoint>)[move.Before, move.Remote])];
        if (moves.Length < ManyMoves || places.Count > 2)
        {
            return;
        }

        IpEndpoint[] both = [.. places];
        peer.Problem(
            ExplainCode.EndpointFlaps,
            $"{peer.Name} is in two places, {both[0]} and {both[1]} in turn: two machines have the same private key",
            "give each machine a key and a peer of its own",
            [.. moves.Select(move => $"from {move.Before} to {move.Remote}, {ExplainText.Time(context.Age(move))} ago")]);
    }

    private static void CheckReplays(PeerCase peer)
    {
        long packets = peer.Status.Drops.GetValueOrDefault(DropReason.ReplayedCounter);
        bool isHandshake = peer.IsWorking && peer.Events(TunnelEventKind.Dropped, DropReason.ReplayedTimestamp).Any();
        if (isHandshake || (packets >= ManyReplays && peer.Events(TunnelEventKind.Dropped, DropReason.ReplayedCounter).Any()))
        {
            peer.Notice(
                ExplainCode.Replay,
                $"messages of {peer.Name} come a second time: somebody sends them again, or the network doubles them; they are dropped",
                null,
                $"{ExplainText.Count(packets, "data message")} and {ExplainText.Count(peer.Status.Drops.GetValueOrDefault(DropReason.ReplayedTimestamp), "initiation")} dropped");
        }
    }

    /// <summary>All that came in this session are keepalives, and much went out.</summary>
    private static void CheckOneWay(ExplainContext context, PeerCase peer)
    {
        PeerStatus status = peer.Status;
        bool isOnlyKeepalives = status.SessionPackets > 0
            && status.ReceivedBytes <= (status.SessionPackets * KeepaliveBytes) + (HandshakeBytes * 2);
        if (context.Subject.HasJournal && peer.IsWorking && isOnlyKeepalives && status.SentBytes > status.ReceivedBytes + FewBytes)
        {
            string own = context.Host is { Addresses: [var address, ..] } ? $" (here: {address.Address})" : "";
            peer.Notice(
                ExplainCode.NothingComesBack,
                $"data goes to {peer.Name}, and nothing but keepalives comes back",
                $"if answers are expected, run chasqui explain on {peer.Name}: its AllowedIPs for us may lack our address{own}, or a filter there drops it",
                $"{ExplainText.Count((long)status.SentBytes, "byte")} sent, {ExplainText.Count((long)status.SessionPackets, "keepalive")} received");
        }
    }

    /// <summary>Whether an address is a link's own, a group's or a network's broadcast: every interface sends such, and no peer needs to own them.</summary>
    private static bool IsForEverybody(ExplainContext context, IpAddress address)
    {
        if (address.IsNone)
        {
            return true;
        }

        if (address.IsV6)
        {
            return address.High >> 56 == 0xff || address.High >> 54 == 0xfe80 >> 6 || (address.High == 0 && address.Low == 0);
        }

        uint value = (uint)(address.High >> 32);
        return value >> 28 >= 0xe || value >> 16 == 0xa9fe || value == 0
            || (context.Host?.Addresses.Any(own => own.Address.IsV4 && own.PrefixLength < 31 && value == Broadcast(own)) ?? false);
    }

    private static uint Broadcast(HostAddress own) => (uint)(own.Address.High >> 32) | (uint.MaxValue >> own.PrefixLength);

    private static string Prefixes(IReadOnlyList<IpPrefix> prefixes) =>
        prefixes.Count == 0 ? "none" : string.Join(", ", prefixes.Take(8)) + (prefixes.Count > 8 ? ", …" : "");
}
