namespace Chasqui.Tests.Architecture;

/// <summary>One thing that a member of an assembly refers to.</summary>
/// <param name="From">The referring type's full name; a nested or compiler-generated type counts as the one around it.</param>
/// <param name="Where">The referring member, as a person would look for it.</param>
/// <param name="Type">Full name of the type referred to.</param>
/// <param name="Member">The member referred to, or null for the type itself.</param>
internal sealed record Use(string From, string Where, string Type, string? Member)
{
    /// <summary>What is referred to, as written in a rule.</summary>
    public string Target => Member is null ? Type : $"{Type}::{Member}";

    public override string ToString() => $"{Where} uses {Target}";
}
