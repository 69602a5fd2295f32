using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>Sessions that work, and packets in them that do not arrive.</summary>
internal static class DataRules
{
    // Moves to and fro within the window: three are two machines.
    private const int ManyMoves = 3;
    private const int ManyReplays = 10;
    private const int ManyStrange = 2;

    private static readonly TimeSpan AfterHandshake = TimeSpan.FromSeconds(1);

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
            // Where a peer has no addresses at all, that is the problem.
            context.Add(
                context.Status.Peers.Any(static peer => peer.AllowedIps.Count == 0) ? ExplainSeverity.Notice : ExplainSeverity.Problem,
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
        CheckOwnKey(context, peer);
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
        bool isHandshake = peer.IsWorking && !peer.IsClockBack && peer.Events(TunnelEventKind.Dropped, DropReason.ReplayedTimestamp).Any();
        if (isHandshake || (packets >= ManyReplays && peer.Events(TunnelEventKind.Dropped, DropReason.ReplayedCounter).Any()))
        {
            peer.Notice(
                ExplainCode.Replay,
                $"messages of {peer.Name} come a second time: somebody sends them again, or the network doubles them; they are dropped",
                null,
                $"{ExplainText.Count(packets, "data message")} and {ExplainText.Count(peer.Status.Drops.GetValueOrDefault(DropReason.ReplayedTimestamp), "initiation")} dropped");
        }
    }

    /// <summary>
    /// Whoever answers a session that is not ours has agreed on it with somebody who has our key. Right after a handshake it may have been our own
    /// one before; and anybody can send such messages, but not from the peer's address.
    /// </summary>
    private static void CheckOwnKey(ExplainContext context, PeerCase peer)
    {
        Instant[] agreed = [.. peer.Events(TunnelEventKind.HandshakeCompleted).Select(static told => told.At)];
        TunnelEvent[] strange = [.. context.DropsFor(DropReason.UnknownIndex).Where(drop => drop.Remote == peer.Status.Endpoint
            && agreed.Any(at => drop.At - at > AfterHandshake) && !agreed.Any(at => drop.At >= at && drop.At - at <= AfterHandshake))];
        if (strange.Length >= ManyStrange && peer.Status.SessionAge is not null && (peer.IsFailing || peer.Status.UnansweredPackets > 0))
        {
            peer.Problem(
                ExplainCode.OwnKeyElsewhere,
                $"{peer.Name} answers to sessions that are not ours: another machine has the private key of {context.Interface}",
                "give each machine a key and a peer of its own",
                $"{ExplainText.Count(context.Status.Drops.GetValueOrDefault(DropReason.UnknownIndex, strange.Length), "data message")} for sessions that are not known here, the last of them from {strange[0].Remote} {ExplainText.Time(context.Age(strange[0]))} ago");
        }
    }

    /// <summary>That nothing comes back may be meant, as with a stream of logs; but not if an echo request is lost, too.</summary>
    private static void CheckOneWay(ExplainContext context, PeerCase peer)
    {
        if (!peer.IsOneWay || peer.IsFailing)
        {
            return;
        }

        string own = context.Host is { Addresses: [var address, ..] } ? $" (here: {address.Address})" : "";
        string sent = $"{ExplainText.Count((long)peer.Status.UnansweredPackets, "packet")} sent within {ExplainText.Time(peer.Status.UnansweredFor ?? default)}, and none came";
        if (peer.Echo is { IsAnswered: true } echo)
        {
            peer.Notice(
                ExplainCode.NothingComesBack,
                $"{peer.Name} itself answers, but what is sent through it has no answer",
                $"if answers are expected, run chasqui explain on {peer.Name}: it may not forward, or not translate addresses, or a filter there drops it",
                sent,
                $"an echo request to {echo.Asked} just now was answered");
            return;
        }

        bool isAsked = peer.Echo is not null, isSilent = peer.Status.SinceReceived >= peer.Status.UnansweredFor;
        peer.Add(
            isAsked ? ExplainSeverity.Problem : ExplainSeverity.Notice,
            ExplainCode.NothingComesBack,
            $"data goes to {peer.Name}, and nothing {(isSilent ? "" : "but keepalives ")}comes back",
            $"{(isAsked ? "" : "if answers are expected, ")}run chasqui explain on {peer.Name}: its AllowedIPs for us may lack our address{own}, or a filter or a route there takes it away",
            [
                sent,
                .. isAsked ? [$"an echo request to {peer.Echo!.Asked} just now had no answer, either"] : Array.Empty<string>(),
                .. isSilent && HandshakeRules.TranslationHint(peer) is { } hint ? [hint] : Array.Empty<string>(),
            ]);
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
