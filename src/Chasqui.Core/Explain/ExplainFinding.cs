using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>One thing that is wrong, or worth knowing, with what shows it and what to do.</summary>
public sealed class ExplainFinding
{
    internal ExplainFinding()
    {
    }

    /// <summary>What it says.</summary>
    public required ExplainCode Code { get; init; }

    /// <summary>What it means for the tunnel.</summary>
    public required ExplainSeverity Severity { get; init; }

    /// <summary>The peer that it is about; null for the interface.</summary>
    public PublicKey? Peer { get; internal init; }

    /// <summary>The sentence, without a full stop.</summary>
    public required string Verdict { get; init; }

    /// <summary>What shows it: sentences without a full stop.</summary>
    public IReadOnlyList<string> Evidence { get; internal init; } = [];

    /// <summary>What to do next, without a full stop; null for nothing.</summary>
    public string? NextStep { get; internal init; }
}
