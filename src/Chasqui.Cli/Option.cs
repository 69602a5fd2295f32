namespace Chasqui.Cli;

/// <summary>An option that a command takes.</summary>
/// <param name="Name">How it is written: <c>--port</c>.</param>
/// <param name="Value">What follows it, for the help: <c>N</c>. Null for an option that is there or not.</param>
/// <param name="Summary">What it does, for the help: one line.</param>
internal sealed record Option(string Name, string? Value, string Summary)
{
    /// <summary>A short spelling, <c>-o</c>, or null.</summary>
    internal string? Short { get; init; }

    /// <summary>Whether it may be given more than once.</summary>
    internal bool IsRepeatable { get; init; }
}
