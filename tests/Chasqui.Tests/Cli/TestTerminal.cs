using System.Text;
using Chasqui.Cli;

namespace Chasqui.Tests.Cli;

/// <summary>A terminal made of strings.</summary>
internal sealed class TestTerminal(string input, bool isOutputWorldAccessible)
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    internal TestTerminal()
        : this("", false)
    {
    }

    internal TestTerminal(string input)
        : this(input, false)
    {
    }

    internal string Output => _output.ToString();

    internal string Error => _error.ToString();

    /// <summary>The terminal itself, for a command that is run without its command line.</summary>
    internal Terminal Terminal => field ??= new Terminal(new StringReader(input), To(_output), To(_error), isOutputWorldAccessible);

    /// <summary>Runs a command line as the program of that name.</summary>
    /// <returns>The exit code.</returns>
    internal int Run(string path, params string[] arguments) =>
        CommandLine.Run(path, arguments, Terminal);

    private static StringWriter To(StringBuilder text) => new(text) { NewLine = "\n" };
}
