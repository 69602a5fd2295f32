namespace Chasqui.Cli.Commands.Wg;

/// <summary>The program under the name <c>wg</c>: stock's commands, help and version, and nothing else. Source: wireguard-tools wg.c.</summary>
internal static class WgProgram
{
    /// <summary>The name of the link.</summary>
    internal const string Name = "wg";

    /// <summary>The release whose output this is; scripts look for it.</summary>
    private const string StockVersion = "wireguard-tools v1.0.20210914 - https://git.zx2c4.com/wireguard-tools/";

    private static readonly Command[] Table =
    [
        new("show", "", "Shows the current configuration and device information", ShowCommand.Run),
        new("showconf", "", "Shows the current configuration of a given WireGuard interface, for use with `setconf'", ShowConfCommand.Run),
        new("set", "", "Change the current configuration, add peers, remove peers, or change peers", SetCommand.Run),
        new("setconf", "", "Applies a configuration file to a WireGuard interface", ConfCommand.Set),
        new("addconf", "", "Appends a configuration file to a WireGuard interface", ConfCommand.Add),
        new("syncconf", "", "Synchronizes a configuration file to a WireGuard interface", ConfCommand.Sync),
        new("genkey", "", "Generates a new private key and writes it to stdout", KeyCommands.GenerateKey),
        new("genpsk", "", "Generates a new preshared key and writes it to stdout", KeyCommands.GeneratePresharedKey),
        new("pubkey", "", "Reads a private key from stdin and writes a public key to stdout", KeyCommands.PublicKey),
    ];

    /// <summary>Runs a command line.</summary>
    /// <param name="path">The program's name as it was called.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string path, IReadOnlyList<string> arguments, Terminal terminal)
    {
        switch (arguments)
        {
            case ["-v" or "--version" or "version"]:
                terminal.Output.Write(StockVersion + "\n");
                return Invocation.Success;
            case ["-h" or "--help" or "help"]:
                WriteHelp(path, terminal.Output);
                return Invocation.Success;
            case []:
                return ShowCommand.Run(new Invocation(path, [], terminal));
        }

        foreach (Command command in Table)
        {
            if (command.Name == arguments[0])
            {
                return command.Run(new Invocation(path, [.. arguments.Skip(1)], terminal));
            }
        }

        terminal.Error.Write($"Invalid subcommand: `{arguments[0]}'\n");
        WriteHelp(path, terminal.Error);
        return Invocation.Failure;
    }

    private static void WriteHelp(string path, TextWriter writer)
    {
        writer.Write($"Usage: {path} <cmd> [<args>]\n\nAvailable subcommands:\n");
        foreach (Command command in Table)
        {
            writer.Write($"  {command.Name}: {command.Summary}\n");
        }

        writer.Write("You may pass `--help' to any of these subcommands to view usage.\n");
    }
}
