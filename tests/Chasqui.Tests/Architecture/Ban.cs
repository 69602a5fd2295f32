namespace Chasqui.Tests.Architecture;

/// <summary>Something that an assembly must not refer to, and the reason for it.</summary>
/// <param name="Pattern"><c>Namespace.*</c>, a type's full name, <c>Type::Member</c>, or <c>Type::*</c> for all its members.</param>
/// <param name="Why">The end of the sentence "… because".</param>
/// <param name="Except">Types and members that the pattern covers and that are allowed all the same.</param>
internal sealed record Ban(string Pattern, string Why, params string[] Except)
{
    /// <summary>Whether this ban forbids <paramref name="use"/>.</summary>
    public bool Forbids(Use use) => Covers(use) && !Except.Contains(use.Type) && !Except.Contains(use.Target);

    private bool Covers(Use use)
    {
        if (Pattern.EndsWith("::*", StringComparison.Ordinal))
        {
            return use.Member is not null && use.Type == Pattern[..^3];
        }

        if (Pattern.EndsWith(".*", StringComparison.Ordinal))
        {
            return use.Type.StartsWith(Pattern[..^1], StringComparison.Ordinal);
        }

        return use.Target == Pattern || use.Type == Pattern || use.Type.StartsWith(Pattern + "+", StringComparison.Ordinal);
    }
}
