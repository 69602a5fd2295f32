namespace Chasqui.Core;

/// <summary>The three ends that a packet can come to.</summary>
public enum VerdictKind : byte
{
    /// <summary>Nothing more to do: it was sent, staged, or was a message to the core itself.</summary>
    Handled,

    /// <summary>An inner packet is to be handed to the interface.</summary>
    Deliver,

    /// <summary>It was dropped, and counted.</summary>
    Dropped,
}
