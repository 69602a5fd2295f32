using Chasqui.Core.Diagnostics;

namespace Chasqui.Core.Explain;

/// <summary>The evidence about one peer, and where its findings go.</summary>
internal sealed class PeerCase
{
    // The last packets of a connection have no answer, and what was just sent has none yet.
    private const ulong ManyUnanswered = 3;
    private static readonly TimeSpan LongUnanswered = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KeepaliveIsDue = ProtocolConstants.KeepaliveTimeout + TimeSpan.FromSeconds(1);

    // errno(3), which Core knows from events only.
    private const int MessageTooLong = 90;

    // An initiation and its first repetition.
    private const int ManyOld = 2;

    private static readonly TimeSpan SilenceOfKeepalives = ProtocolConstants.KeepaliveTimeout + ProtocolConstants.RekeyTimeout;

    private readonly ExplainContext _context;
    private readonly List<ExplainFinding> _findings = [];

    internal PeerCase(ExplainContext context, PeerStatus status)
    {
        _context = context;
        Status = status;
        Name = context.NameOf(status.PublicKey);
    }

    internal PeerStatus Status { get; }

    internal string Name { get; }

    internal IReadOnlyList<ExplainFinding> Findings => _findings;

    internal EndpointWay? Way => _context.Host?.Ways.FirstOrDefault(way => way.Peer == Status.PublicKey);

    /// <summary>Since the last handshake by wall time; null for never. Below zero: the clock went back.</summary>
    internal TimeSpan? SinceHandshake => Status.LastHandshakeUnixNanoseconds == 0 ? null
        : TimeSpan.FromTicks((_context.Status.UnixNanoseconds - Status.LastHandshakeUnixNanoseconds) / TimeSpan.NanosecondsPerTick);

    /// <summary>Whether anything authentic ever came.</summary>
    internal bool WasHeard => Status.SinceReceived is not null || Status.LastHandshakeUnixNanoseconds != 0;

    /// <summary>How many initiations in a row had no answer.</summary>
    internal int Unanswered { get => Math.Max(Status.HandshakeAttempts, CountUnanswered()); }

    /// <summary>Whether we try to reach the peer, and it does not answer.</summary>
    internal bool IsFailing => _context.Subject.HasJournal ? IsFailingByEvents() : IsFailingByBytes();

    /// <summary>Whether there is a session, and nothing says that it leads nowhere.</summary>
    internal bool IsWorking => !IsFailing && (_context.Subject.HasJournal
        ? Status.SessionAge is not null
        : SinceHandshake is { } since && since < ProtocolConstants.RejectAfterTime);

    /// <summary>Whether packets were sent through the tunnel and none comes back, although there is a session.</summary>
    internal bool IsOneWay => Status.SessionAge is not null && Status.UnansweredPackets >= ManyUnanswered && Status.UnansweredFor > LongUnanswered;

    /// <summary>What became of an echo request; null if none was sent.</summary>
    internal EchoEvidence? Echo => _context.Host?.Echoes.FirstOrDefault(echo => echo.Peer == Status.PublicKey);

    /// <summary>Whether nothing at all came, keepalives neither, since packets went unanswered, and an echo request went the same way.</summary>
    internal bool IsQuiet => IsOneWay && Echo is { IsAnswered: false } && Status.SinceReceived >= Status.UnansweredFor;

    /// <summary>Whether the peer dates its initiations before those that were accepted, and is not heard of otherwise.</summary>
    internal bool IsClockBack => IsFailing || SinceHandshake is null
        ? DropsSinceHandshake(DropReason.ReplayedTimestamp).Any()
        : EventsSinceHeard(TunnelEventKind.Dropped, DropReason.ReplayedTimestamp).Count(told => told.Remote == Status.Endpoint) >= ManyOld;

    /// <summary>The peer's events of a kind that are not too old, latest first.</summary>
    internal IEnumerable<TunnelEvent> Events(TunnelEventKind kind, DropReason reason = DropReason.None) =>
        _context.Events(kind, reason).Where(told => told.Peer == Status.PublicKey);

    /// <summary>Those of them since the last time that something authentic came.</summary>
    internal IEnumerable<TunnelEvent> EventsSinceHeard(TunnelEventKind kind, DropReason reason = DropReason.None) =>
        Events(kind, reason).Where(told => Status.SinceReceived is not { } since || _context.Age(told) < since);

    /// <summary>What became of datagrams to the peer since it was last heard; that some were too long is no failure.</summary>
    internal IEnumerable<TunnelEvent> SendErrors() => EventsSinceHeard(TunnelEventKind.SendFailed).Where(static told => told.Number != MessageTooLong);

    /// <summary>Drops of packets of the peer since a session was last agreed on.</summary>
    internal IEnumerable<TunnelEvent> DropsSinceHandshake(DropReason reason) =>
        Events(TunnelEventKind.Dropped, reason).Where(told => SinceHandshake is not { } since || since < TimeSpan.Zero || _context.Age(told) < since);

    internal bool Has(ExplainCode code) => _findings.Exists(finding => finding.Code == code);

    internal void Add(ExplainSeverity severity, ExplainCode code, string verdict, string? nextStep, params IReadOnlyList<string> evidence) =>
        _findings.Add(new ExplainFinding
        {
            Code = code,
            Severity = severity,
            Peer = Status.PublicKey,
            Verdict = verdict,
            NextStep = nextStep,
            Evidence = evidence,
        });

    internal void Problem(ExplainCode code, string verdict, string? nextStep, params IReadOnlyList<string> evidence) =>
        Add(ExplainSeverity.Problem, code, verdict, nextStep, evidence);

    internal void Notice(ExplainCode code, string verdict, string? nextStep, params IReadOnlyList<string> evidence) =>
        Add(ExplainSeverity.Notice, code, verdict, nextStep, evidence);

    /// <summary>What was sent and heard, as evidence.</summary>
    internal string[] History()
    {
        List<string> lines = [];
        if (Unanswered > 0)
        {
            lines.Add($"{ExplainText.Count(Unanswered, "initiation")} in a row had no answer");
        }

        lines.Add(SinceHandshake is { } since && since >= TimeSpan.Zero ? $"the last handshake was {ExplainText.Time(since)} ago"
            : SinceHandshake is null ? "there was never a handshake" : "the last handshake was at a time that has not come yet");
        lines.Add($"{ExplainText.Count((long)Status.SentBytes, "byte")} sent, {ExplainText.Count((long)Status.ReceivedBytes, "byte")} received");
        return [.. lines];
    }

    private bool IsFailingByEvents()
    {
        if (Status.IsHandshaking && Status.HandshakeAttempts > 0)
        {
            return true;
        }

        return EventsSinceHeard(TunnelEventKind.HandshakeUnanswered).Any()
            || EventsSinceHeard(TunnelEventKind.HandshakeGivenUp).Any()
            || EventsSinceHeard(TunnelEventKind.PeerSilent).Any()
            || SendErrors().Any()
            || IsLost
            || EventsSinceHeard(TunnelEventKind.Dropped, DropReason.NoEndpoint).Any();
    }

    /// <summary>Who has received packets and sends none must send a keepalive in time; and what errors say is said at once.</summary>
    private bool IsLost => IsQuiet && (Status.UnansweredFor > KeepaliveIsDue || Way is { ProbeError: not 0 } or { RouteError: not 0 });

    /// <summary>Initiations went out and nothing came; or keepalives should have renewed the session, and did not.</summary>
    private bool IsFailingByBytes()
    {
        if (SinceHandshake is not { } since)
        {
            return Status.SentBytes > 0;
        }

        TimeSpan silence = ProtocolConstants.RejectAfterTime + SilenceOfKeepalives;
        return Status.PersistentKeepaliveSeconds > 0 && (since > silence || since < TimeSpan.Zero);
    }

    private int CountUnanswered() => (int)EventsSinceHeard(TunnelEventKind.HandshakeUnanswered).Select(static told => told.Number).DefaultIfEmpty(0).Max();
}
