namespace Chasqui.Linux.Processes;

/// <summary>What a parent learnt about the start of its child.</summary>
public enum Readiness
{
    /// <summary>The child said that it is ready.</summary>
    Ready,

    /// <summary>The child said that it cannot start, and why.</summary>
    Failed,

    /// <summary>The child ended without a word.</summary>
    Died,

    /// <summary>The child said nothing in time.</summary>
    TimedOut,
}
