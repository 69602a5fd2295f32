namespace Chasqui.Core;

/// <summary>What a resolver's answer has brought about.</summary>
public enum NameOutcome
{
    /// <summary>Nothing: the peer has gone, or has another name.</summary>
    Stale,

    /// <summary>Nothing: the addresses are those that were known.</summary>
    Same,

    /// <summary>The addresses are tried from the next initiation on that nothing is heard of; a session that works stays where it is.</summary>
    Changed,

    /// <summary>The peer had no endpoint, and has the first of the addresses.</summary>
    Placed,
}
