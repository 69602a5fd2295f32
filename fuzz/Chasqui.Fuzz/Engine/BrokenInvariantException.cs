namespace Chasqui.Fuzz.Engine;

/// <summary>Something that must hold for every input does not hold for this one.</summary>
internal sealed class BrokenInvariantException(string message) : Exception(message);
