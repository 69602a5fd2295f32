namespace Chasqui.Quick;

/// <summary>One thing that is done to the machine, in words and in deed.</summary>
/// <param name="Words">The command that would do the same.</param>
/// <param name="Remedy">What a person can do if it fails: a sentence, or nothing.</param>
/// <param name="Action">What is done.</param>
internal sealed record QuickStep(string Words, string Remedy, Action Action)
{
    /// <summary>The command that would undo it, or null.</summary>
    internal string? UndoWords { get; init; }

    /// <summary>What undoes it; null for what needs no undoing of its own.</summary>
    internal Action? Undo { get; init; }
}
