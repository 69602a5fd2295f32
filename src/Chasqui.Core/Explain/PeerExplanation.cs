using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>How one peer is, and why.</summary>
public sealed class PeerExplanation
{
    internal PeerExplanation()
    {
    }

    /// <summary>The peer's public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>What a person calls it: its name, else its abbreviated key.</summary>
    public required string Name { get; init; }

    /// <summary>How it is.</summary>
    public required ExplainState State { get; init; }

    /// <summary>The verdict in one line, without a full stop.</summary>
    public required string Verdict { get; init; }

    /// <summary>The findings, worst first; the first of a peer with a problem is its verdict.</summary>
    public IReadOnlyList<ExplainFinding> Findings { get; internal init; } = [];
}
