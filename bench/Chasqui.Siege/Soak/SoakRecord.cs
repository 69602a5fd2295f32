namespace Chasqui.Siege.Soak;

/// <summary>A soak with all its samples.</summary>
/// <param name="Result">What it has shown.</param>
/// <param name="Left">The client's samples.</param>
/// <param name="Right">The server's.</param>
internal sealed record SoakRecord(SoakResult Result, IReadOnlyList<Sample> Left, IReadOnlyList<Sample> Right);
