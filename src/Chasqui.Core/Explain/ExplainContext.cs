using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>The evidence about an interface, and where its findings go.</summary>
internal sealed class ExplainContext
{
    /// <summary>How old an event may be to say something of now: as long as a session lives.</summary>
    internal static readonly TimeSpan Window = ProtocolConstants.RejectAfterTime;

    private readonly List<ExplainFinding> _findings = [];

    internal ExplainContext(ExplainSubject subject)
    {
        Subject = subject;
        Peers = [.. Status.Peers.Select(peer => new PeerCase(this, peer))];
    }

    internal ExplainSubject Subject { get; }

    internal TunnelStatus Status => Subject.Status;

    internal HostEvidence? Host => Subject.Host;

    internal string Interface => Subject.InterfaceName;

    internal IReadOnlyList<PeerCase> Peers { get; }

    internal IReadOnlyList<ExplainFinding> Findings => _findings;

    /// <summary>What a person calls a peer, or a key that is none's.</summary>
    internal string NameOf(PublicKey key) =>
        key.NameIn(Subject.Names);

    /// <summary>The events of a kind that are not too old, latest first.</summary>
    internal IEnumerable<TunnelEvent> Events(TunnelEventKind kind, DropReason reason = DropReason.None) =>
        Status.Recent.Where(told => told.Kind == kind && told.Reason == reason && Age(told) <= Window).OrderByDescending(static told => told.At.Nanoseconds);

    internal IEnumerable<TunnelEvent> DropsFor(DropReason reason) => Events(TunnelEventKind.Dropped, reason);

    internal TimeSpan Age(in TunnelEvent told) => Status.At - told.At;

    /// <summary>The peer to which something that came from an address belongs: by address and port, else by address; null if there is none.</summary>
    internal PeerCase? PeerAt(in TunnelEvent told)
    {
        Wire.IpEndpoint remote = told.Remote;
        return Peers.FirstOrDefault(peer => peer.Status.Endpoint == remote)
            ?? Peers.Where(peer => peer.Status.Endpoint.Address == remote.Address).OrderBy(static peer => peer.IsWorking).FirstOrDefault();
    }

    /// <summary>The only peer that nothing was ever heard of: what a stranger does wrong may be its mistake.</summary>
    internal PeerCase? OnlyUnheard()
    {
        PeerCase[] unheard = [.. Peers.Where(static peer => !peer.WasHeard)];
        return unheard.Length == 1 ? unheard[0] : null;
    }

    /// <summary>Adds a finding about the interface.</summary>
    internal void Add(ExplainSeverity severity, ExplainCode code, string verdict, string? nextStep, params IReadOnlyList<string> evidence) =>
        _findings.Add(new ExplainFinding { Code = code, Severity = severity, Verdict = verdict, NextStep = nextStep, Evidence = evidence });

    /// <summary>A problem of the interface.</summary>
    internal void Problem(ExplainCode code, string verdict, string? nextStep, params IReadOnlyList<string> evidence) =>
        Add(ExplainSeverity.Problem, code, verdict, nextStep, evidence);
}
