using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>How an interface and its peers are, and why.</summary>
public sealed class ExplainReport
{
    internal ExplainReport()
    {
    }

    /// <summary>The interface.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>Whether the daemon told what it knows; without, only what every implementation tells was there to go by.</summary>
    public required bool HasJournal { get; init; }

    /// <summary>How it is as a whole: a problem if there is any, healthy if some peer is, else there is nothing to tell.</summary>
    public ExplainState State
    {
        get
        {
            if (Findings is [{ Severity: ExplainSeverity.Problem }, ..] || Peers.Any(static peer => peer.State == ExplainState.Problem))
            {
                return ExplainState.Problem;
            }

            return Peers.Any(static peer => peer.State == ExplainState.Healthy) ? ExplainState.Healthy : ExplainState.CannotTell;
        }
    }

    /// <summary>Findings about the interface, worst first.</summary>
    public IReadOnlyList<ExplainFinding> Findings { get; internal init; } = [];

    /// <summary>The peers, in the order of the interface.</summary>
    public IReadOnlyList<PeerExplanation> Peers { get; internal init; } = [];

    /// <summary>The same of one peer alone, with what there is about the interface.</summary>
    public ExplainReport Only(PublicKey peer) => new()
    {
        InterfaceName = InterfaceName,
        HasJournal = HasJournal,
        Findings = Findings,
        Peers = [.. Peers.Where(told => told.PublicKey == peer)],
    };
}
