namespace Chasqui.Fuzz.Engine;

/// <summary>One input being tried.</summary>
/// <param name="Since">When it was begun, as a reading of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Input">The input.</param>
internal sealed record FuzzAttempt(long Since, byte[] Input);
