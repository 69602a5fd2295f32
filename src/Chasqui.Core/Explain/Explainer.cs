using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>Says why a tunnel works or does not: evidence in, findings out. Pure.</summary>
/// <remarks>
/// A finding is made of events that are not older than a session may be, and of what the machine says now. A tunnel that works has none, or
/// notices only: what strangers send is no fault of the tunnel's.
/// </remarks>
public static class Explainer
{
    /// <summary>Explains an interface and all its peers.</summary>
    public static ExplainReport Run(ExplainSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var context = new ExplainContext(subject);
        bool canJudge = InterfaceRules.Run(context);
        if (canJudge)
        {
            StrangerRules.Run(context);
            DataRules.Run(context);
            RouterRules.Run(context);
            foreach (PeerCase peer in context.Peers)
            {
                RunPeer(context, peer);
            }
        }

        ExplainFinding[] findings = Sort(context.Findings);
        PeerExplanation[] peers = [.. context.Peers.Select(peer => Explain(context, peer, canJudge))];
        return new ExplainReport
        {
            InterfaceName = subject.InterfaceName,
            HasJournal = subject.HasJournal,
            Findings = findings,
            Peers = peers,
        };
    }

    /// <summary>The peers that we try to reach and that do not answer: those whose endpoints are worth a datagram that asks.</summary>
    public static IReadOnlyList<PublicKey> FindSilent(ExplainSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return [.. new ExplainContext(subject).Peers.Where(static peer => (peer.IsFailing || peer.IsQuiet) && !peer.Status.Endpoint.IsNone).Select(static peer => peer.Status.PublicKey)];
    }

    /// <summary>The peers to which data goes and from which nothing but keepalives comes: those that are worth an echo request.</summary>
    public static IReadOnlyList<PublicKey> FindOneWay(ExplainSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return [.. new ExplainContext(subject).Peers.Where(static peer => peer.IsOneWay).Select(static peer => peer.Status.PublicKey)];
    }

    /// <summary>Explains an interface for which no daemon answers although one did: its socket's file is there, and nobody serves it.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="hasLink">Whether there is an interface of that name, which then is somebody else's.</param>
    /// <param name="socketPath">The file that was left.</param>
    public static ExplainReport RunWithoutDaemon(string interfaceName, bool hasLink, string socketPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentException.ThrowIfNullOrEmpty(socketPath);
        return new ExplainReport
        {
            InterfaceName = interfaceName,
            HasJournal = false,
            Findings =
            [
                new ExplainFinding
                {
                    Code = ExplainCode.DaemonGone,
                    Severity = ExplainSeverity.Problem,
                    Verdict = $"the daemon of {interfaceName} is gone without having taken its leave: it was killed, or has crashed",
                    Evidence =
                    [
                        $"nobody serves its socket {socketPath}",
                        hasLink ? $"there is an interface {interfaceName}, which is somebody else's" : $"with it the interface {interfaceName} has gone, its addresses and its routes",
                    ],
                    NextStep = $"see why: journalctl, dmesg; then bring it up again: chasqui down {interfaceName}; chasqui up {interfaceName}",
                },
            ],
        };
    }

    private static void RunPeer(ExplainContext context, PeerCase peer)
    {
        EndpointRules.Run(context, peer);
        DataRules.Run(context, peer);
        RouteRules.Run(context, peer);
        HandshakeRules.Run(context, peer);
    }

    private static PeerExplanation Explain(ExplainContext context, PeerCase peer, bool canJudge)
    {
        ExplainFinding[] findings = Sort(peer.Findings);
        (ExplainState state, string verdict) = findings is [{ Severity: ExplainSeverity.Problem } worst, ..]
            ? (ExplainState.Problem, worst.Verdict)
            : canJudge ? Judge(context, peer) : (ExplainState.CannotTell, $"nothing can be said of {peer.Name} while {context.Findings[0].Verdict}");
        return new PeerExplanation
        {
            PublicKey = peer.Status.PublicKey,
            Name = peer.Name,
            State = state,
            Verdict = verdict,
            Findings = findings,
        };
    }

    /// <summary>A peer that has no problem of its own.</summary>
    private static (ExplainState State, string Verdict) Judge(ExplainContext context, PeerCase peer)
    {
        if (context.Findings.FirstOrDefault(static finding => finding.Severity == ExplainSeverity.Problem) is { } problem && !peer.IsWorking)
        {
            return (ExplainState.CannotTell, $"nothing was heard of {peer.Name}; {problem.Verdict}");
        }

        return (peer.SinceHandshake, peer.IsWorking) switch
        {
            ({ } since, true) => (ExplainState.Healthy, $"{peer.Name} is healthy: handshake {ExplainText.Time(since)} ago{RoundTrip(peer)}"),
            (null, true) => (ExplainState.Healthy, $"{peer.Name} is healthy"),
            ({ } since, false) => (ExplainState.Healthy, $"{peer.Name} is at rest: the last handshake was {ExplainText.Time(since)} ago, and nothing was sent since"),
            (null, false) when peer.Status.IsHandshaking => (ExplainState.CannotTell, $"a first handshake with {peer.Name} is under way: ask again in some seconds"),
            _ => (ExplainState.CannotTell, $"nothing was sent to {peer.Name}, and nothing has come: try with a packet, chasqui ping {peer.Name}"),
        };
    }

    private static string RoundTrip(PeerCase peer) => peer.Status.HandshakeRoundTrip is { } time
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $", round trip {time.TotalMilliseconds:F1} ms") : "";

    private static ExplainFinding[] Sort(IReadOnlyList<ExplainFinding> findings) =>
        [.. findings.OrderByDescending(static finding => finding.Severity).ThenBy(static finding => finding.Code)];
}
