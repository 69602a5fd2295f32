namespace Chasqui.Quick.Reload;

/// <summary>What somebody asks a reload that waits to be confirmed.</summary>
/// <param name="Word">One of the words of <see cref="ConfirmWindow"/>, or nonsense.</param>
/// <param name="Reply">Answers, once.</param>
internal sealed record ConfirmRequest(string Word, Action<string> Reply);
