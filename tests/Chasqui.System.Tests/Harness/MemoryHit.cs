namespace Chasqui.System.Tests.Harness;

/// <summary>Where something was found in a process.</summary>
/// <param name="Address">The address.</param>
/// <param name="Region">The mapping's name: empty for a heap, <c>[stack]</c>.</param>
/// <param name="Flags">The mapping's flags, as smaps has them.</param>
internal readonly record struct MemoryHit(long Address, string Region, string Flags)
{
    /// <summary>Whether its page can neither go to the swap nor into a dump.</summary>
    public bool IsKept => Flags.Contains(" lo", StringComparison.Ordinal) && Flags.Contains(" dd", StringComparison.Ordinal);
}
