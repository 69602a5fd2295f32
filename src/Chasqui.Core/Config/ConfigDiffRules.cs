namespace Chasqui.Core.Config;

/// <summary>What a difference takes for wanted where a configuration says nothing.</summary>
public sealed record ConfigDiffRules
{
    /// <summary>Whether a configuration without a port keeps the one in use; else the port becomes any, and a new one at once.</summary>
    /// <remarks>Stock <c>syncconf</c> changes the port.</remarks>
    public bool KeepListenPort { get; init; } = true;

    /// <summary>Whether a configuration without a mark keeps the one that is in use, as <c>wg-quick</c>'s default route sets one.</summary>
    /// <remarks>Stock <c>syncconf</c> takes it away.</remarks>
    public bool KeepFwMark { get; init; }

    /// <summary>Whether single addresses may be taken from a peer; else its list is replaced, which every daemon and kernel can.</summary>
    public bool RemoveSingleAllowedIps { get; init; }
}
