using System.Reflection;
using Chasqui.Cli.Commands;
using Chasqui.Cli.Commands.Wg;
using Chasqui.Core.Config;
using Chasqui.Linux;

namespace Chasqui.Cli;

/// <summary>The table of commands, and how a command line finds its row.</summary>
internal static class CommandLine
{
    /// <summary>The name under which the program has no commands.</summary>
    internal const string WireGuardGo = "wireguard-go";

    /// <summary>What a shell says of a program that SIGPIPE ended, as it ends stock tools.</summary>
    private const int BrokenPipe = 128 + 13;

    /// <summary>The version, as <c>--version</c> prints it.</summary>
    /// <remarks>Read when it is asked for: attributes cost more than a whole <c>show</c> may.</remarks>
    internal static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Runs a command line.</summary>
    /// <param name="path">How the program was called: a link named <c>wireguard-go</c>, <c>wg</c> or <c>wg-quick</c> is that program.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string path, IReadOnlyList<string> arguments, Terminal terminal)
    {
        string file = Path.GetFileName(path), program = file is WireGuardGo or QuickCommands.ProgramName ? file : "chasqui";
        try
        {
            return file switch
            {
                WgProgram.Name => WgProgram.Run(path, arguments, terminal),
                QuickCommands.ProgramName => QuickCommands.RunProgram(new Invocation(program, arguments, terminal)),
                _ => Dispatch(program, arguments, terminal),
            };
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EPIPE)
        {
            return BrokenPipe; // whoever read the output has gone, and needs no message
        }
        catch (UnauthorizedAccessException exception) when (!Environment.IsPrivilegedProcess)
        {
            return new Invocation(program, arguments, terminal).Fail($"{exception.Message.TrimEnd('.')}; run this as root.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Invocation(program, arguments, terminal).Fail(exception.Message);
        }
    }

    private static int Dispatch(string program, IReadOnlyList<string> arguments, Terminal terminal)
    {
        switch (arguments)
        {
            case []:
                CommandTable.WriteHelp(terminal.Error);
                return Invocation.Failure;
            case ["--help" or "-h", ..]:
            case ["help"] or ["help", "help" or "--help" or "-h"] when program != WireGuardGo:
                CommandTable.WriteHelp(terminal.Output);
                return Invocation.Success;
            case ["help", var name, ..] when program != WireGuardGo:
                return Array.Exists([.. CommandTable.Commands], command => command.Name == name)
                    ? Select(program, [.. arguments.Skip(1), "--help"], terminal)
                    : FailUnknown(new Invocation(program, arguments, terminal), name);
            case ["--version" or "-v"]:
                terminal.Output.WriteLine($"chasqui {Version}");
                return Invocation.Success;
            default:
                return Select(program, arguments, terminal);
        }
    }

    private static int Select(string program, IReadOnlyList<string> arguments, Terminal terminal)
    {
        foreach (Command command in program == WireGuardGo ? [] : CommandTable.Commands)
        {
            if (command.Name == arguments[0])
            {
                return command.Run(new Invocation(program, [.. arguments.Skip(1)], terminal));
            }
        }

        // Anything else is an interface: "chasqui wg0" and "chasqui -f wg0" do what wireguard-go does.
        Invocation run = new(program, arguments, terminal);
        string? meant = program == WireGuardGo ? null : Nearest(arguments[0]);
        if (meant is not null && arguments.Count > 1)
        {
            return FailUnknown(run, arguments[0]);
        }

        if (meant is not null)
        {
            terminal.Error.WriteLine($"{program}: runs an interface named {arguments[0]}; for the command, write `{program} {meant}'");
        }

        return RunCommand.Run(run);
    }

    private static string? Nearest(string name) => Spelling.Nearest(name, CommandTable.Commands.Select(static command => command.Name));

    private static int FailUnknown(Invocation invocation, string name) => invocation.Fail(
        $"there is no command {ConfigException.Quote(name)}; "
        + (Nearest(name) is { } meant ? $"did you mean {meant}?" : $"see `{invocation.Program} --help'."));
}
