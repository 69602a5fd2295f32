namespace Chasqui.Control;

/// <summary>Why a request was not done.</summary>
/// <param name="Code">One of the codes of <see cref="ControlProtocol"/>, for programs.</param>
/// <param name="Sentence">What is wrong and where, for people.</param>
/// <param name="Errno">The kernel's error number; 0 if it was not the kernel.</param>
internal sealed record ControlFailure(string Code, string Sentence, int Errno = 0);
