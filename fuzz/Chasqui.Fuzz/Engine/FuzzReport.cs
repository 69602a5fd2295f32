namespace Chasqui.Fuzz.Engine;

/// <summary>What came of a run.</summary>
/// <param name="Executions">Inputs tried.</param>
/// <param name="Elapsed">Time taken.</param>
/// <param name="Edges">Pairs of branches taken; 0 without instrumentation.</param>
/// <param name="Found">Inputs that reached new branches.</param>
/// <param name="Finding">What went wrong, or null.</param>
internal sealed record FuzzReport(long Executions, TimeSpan Elapsed, int Edges, IReadOnlyList<byte[]> Found, FuzzFinding? Finding);
