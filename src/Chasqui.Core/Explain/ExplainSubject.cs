using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>Everything that there is to go by.</summary>
public sealed class ExplainSubject
{
    /// <summary>The interface.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>The tunnel, as its daemon tells it.</summary>
    public required TunnelStatus Status { get; init; }

    /// <summary>
    /// Whether <see cref="Status"/> has events, drops and timers. Without, as for other implementations, it has configuration, bytes and the time
    /// of the last handshake only.
    /// </summary>
    public bool HasJournal { get; init; } = true;

    /// <summary>What was found out about the machine; null if nothing was.</summary>
    public HostEvidence? Host { get; init; }

    /// <summary>Names of peers, where they have some.</summary>
    public IReadOnlyDictionary<PublicKey, string> Names { get; init; } = new Dictionary<PublicKey, string>();
}
