namespace Chasqui.Cli;

/// <summary>One row of the command table.</summary>
/// <param name="Name">The word that selects it.</param>
/// <param name="Usage">Its arguments, for the help.</param>
/// <param name="Summary">What it does, for the help: one line.</param>
/// <param name="Run">Runs it with the arguments after its name and returns the exit code.</param>
internal sealed record Command(string Name, string Usage, string Summary, Func<Invocation, int> Run);
