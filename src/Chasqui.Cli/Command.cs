namespace Chasqui.Cli;

/// <summary>One row of the command table.</summary>
/// <param name="Name">The word that selects it.</param>
/// <param name="Usage">Its arguments, for the help.</param>
/// <param name="Summary">What it does, for the help: one line.</param>
/// <param name="Run">Runs it with the arguments after its name and returns the exit code.</param>
internal sealed record Command(string Name, string Usage, string Summary, Func<Invocation, int> Run)
{
    /// <summary>A row whose help is the row itself; other commands declare <see cref="Options"/>, which have their own.</summary>
    internal static Command Plain(string name, string usage, string summary, Func<Invocation, int> run) => Plain(name, usage, summary, run, "");

    /// <summary>A row whose help is the row itself and a text.</summary>
    internal static Command Plain(string name, string usage, string summary, Func<Invocation, int> run, string about) => new(name, usage, summary, invocation =>
    {
        if (invocation.Arguments is not (["-h"] or [.., "--help"]))
        {
            return run(invocation);
        }

        invocation.Terminal.Output.WriteLine($"Usage: {$"{invocation.Program} {name} {usage}".TrimEnd()}\n\n{summary}.{(about.Length == 0 ? "" : $"\n\n{about}")}");
        return Invocation.Success;
    });
}
