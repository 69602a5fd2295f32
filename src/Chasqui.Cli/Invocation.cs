using Chasqui.Cli.Commands.Wg;

namespace Chasqui.Cli;

/// <summary>One call of a command.</summary>
/// <param name="Program">The name that the program was called by, for messages.</param>
/// <param name="Arguments">What follows the command's name.</param>
/// <param name="Terminal">Where it reads and writes.</param>
internal sealed record Invocation(string Program, IReadOnlyList<string> Arguments, Terminal Terminal)
{
    /// <summary>Exit code of a command that did what it was asked.</summary>
    internal const int Success = 0;

    /// <summary>Exit code of a command that could not.</summary>
    internal const int Failure = 1;

    /// <summary>Whether it is stock's <c>wg</c> that was called: then the words are stock's too.</summary>
    internal bool IsStock => Path.GetFileName(Program) == WgProgram.Name;

    /// <summary>Says what went wrong.</summary>
    /// <returns><see cref="Failure"/>.</returns>
    internal int Fail(string sentence)
    {
        Terminal.Error.WriteLine($"{Program}: {sentence}");
        return Failure;
    }

    /// <summary>Says what went wrong in stock's words, and the remedy, unless it is stock's program that was called.</summary>
    /// <returns><see cref="Failure"/>.</returns>
    internal int Fail(string stock, string remedy) =>
        Fail(IsStock ? stock : $"{stock}: {remedy}");
}
