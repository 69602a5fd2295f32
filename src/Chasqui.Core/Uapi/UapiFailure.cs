namespace Chasqui.Core.Uapi;

/// <summary>Why an operation was refused.</summary>
/// <param name="Errno">What the client is told: one of <see cref="UapiError"/>.</param>
/// <param name="Line">The line of the operation, its first (<c>set=1</c>) being 1.</param>
/// <param name="Sentence">
/// What the log says: line, key and what to write instead. It holds no value, so no secret, and of an unknown key only its name.
/// </param>
public sealed record UapiFailure(int Errno, int Line, string Sentence);
