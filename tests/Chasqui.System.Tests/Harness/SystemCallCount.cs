namespace Chasqui.System.Tests.Harness;

/// <summary>How often one system call was made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Calls">How often it was made.</param>
/// <param name="Errors">How often it failed: mostly because there was nothing to read.</param>
internal sealed record SystemCallCount(string Name, long Calls, long Errors)
{
    /// <summary>How often it moved something: did not fail, and was not the waiting itself.</summary>
    public long Moved => Name == "poll" ? 0 : Calls - Errors;
}
