namespace Chasqui.Linux.Processes;

/// <summary>The outcome of a child's start.</summary>
/// <param name="Outcome">What the parent learnt.</param>
/// <param name="Message">Why the child cannot start, in the child's words; else empty.</param>
public readonly record struct ReadinessReport(Readiness Outcome, string Message);
