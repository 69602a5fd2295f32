namespace Chasqui.Control;

/// <summary>Reads a name of the control protocol.</summary>
internal delegate bool NameParser<T>(string? name, out T named);
