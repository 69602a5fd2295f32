using Chasqui.Core.Config;

namespace Chasqui.Cli.Commands.Peers;

/// <summary><c>peer VERB …</c>: the peers of an interface's file, and of the interface if it runs.</summary>
internal static class PeerCommand
{
    private static readonly Command[] Table =
    [
        new("add", "IFNAME NAME", "Add a peer and print its own configuration, with a QR code", PeerAddCommand.Run),
        new("list", "IFNAME", "List the peers: names, addresses, last handshakes", PeerListCommand.Run),
        new("remove", "IFNAME NAME|KEY", "Remove a peer", PeerChangeCommands.Remove),
        new("rename", "IFNAME NAME|KEY NEW", "Give a peer another name", PeerChangeCommands.Rename),
        new("rotate", "IFNAME NAME|KEY", "Give a peer new keys and print its configuration anew", PeerRotateCommand.Run),
    ];

    /// <summary>Runs a verb.</summary>
    internal static int Run(Invocation invocation)
    {
        switch (invocation.Arguments)
        {
            case []:
                WriteHelp(invocation.Program, invocation.Terminal.Error);
                return Invocation.Failure;
            case ["-h" or "--help" or "help", ..]:
                WriteHelp(invocation.Program, invocation.Terminal.Output);
                return Invocation.Success;
        }

        string verb = invocation.Arguments[0];
        if (Array.Find(Table, command => command.Name == verb) is { } found)
        {
            return found.Run(invocation with { Arguments = [.. invocation.Arguments.Skip(1)] });
        }

        string remedy = Spelling.Nearest(verb, Table.Select(static command => command.Name)) is { } meant
            ? $"did you mean {meant}?"
            : "there are add, list, remove, rename and rotate.";
        return invocation.Fail($"peer has no command {ConfigException.Quote(verb)}; {remedy}");
    }

    private static void WriteHelp(string program, TextWriter writer)
    {
        writer.WriteLine($"Usage: {program} peer COMMAND\n");
        foreach (Command command in Table)
        {
            writer.WriteLine($"  {command.Name + " " + command.Usage,-28} {command.Summary}");
        }

        writer.WriteLine($"""

            IFNAME is an interface whose file is in {QuickConfName.Directory}, or a file's path. KEY is a public key, or its first 4
            characters or more. "{program} peer COMMAND --help" shows the options.
            """);
    }
}
