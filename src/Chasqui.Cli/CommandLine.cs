using System.Reflection;
using Chasqui.Cli.Commands;
using Chasqui.Cli.Commands.Peers;
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

    private const int HelpColumn = 46;

    private static readonly Command[] Table =
    [
        Command.Plain("run", "[-f] IFNAME", "Run a WireGuard interface; returns when it is ready (-f: stays in the foreground)", RunCommand.Run),
        Command.Plain("up", "IFNAME|FILE.conf", "Bring an interface up from its file, as wg-quick(8) does", QuickCommands.Up),
        Command.Plain("down", "IFNAME|FILE.conf", "Take it down again, and all that came with it", QuickCommands.Down),
        Command.Plain("save", "IFNAME|FILE.conf", "Write what runs into its file; comments, order and names stay", QuickCommands.Save),
        Command.Plain("strip", "IFNAME|FILE.conf", "Print a file without the keys that only wg-quick knows", QuickCommands.Strip),
        Command.Plain("show", "[IFNAME|all|interfaces] [FIELD] [--json]", "Show running interfaces, as wg(8) does or as JSON", ShowCommand.Run),
        Command.Plain("showconf", "IFNAME", "Show a running interface as a file for setconf", ShowConfCommand.Run),
        Command.Plain("set", "IFNAME WORD VALUE ...", "Change a running interface; the words are those of wg(8)", SetCommand.Run),
        Command.Plain("setconf", "IFNAME FILE", "Replace a running interface's configuration by a file's", ConfCommand.Set),
        Command.Plain("addconf", "IFNAME FILE", "Add a file's configuration to a running interface's", ConfCommand.Add),
        Command.Plain("syncconf", "IFNAME FILE", "Bring a running interface to what a file says, sessions kept", ConfCommand.Sync),
        Command.Plain("genkey", "", "Make a private key and write it to standard output", KeyCommands.GenerateKey),
        Command.Plain("genpsk", "", "Make a preshared key and write it to standard output", KeyCommands.GeneratePresharedKey),
        Command.Plain("pubkey", "", "Read a private key from standard input and write its public key", KeyCommands.PublicKey),
        new("run", "[-f] IFNAME", "Run a WireGuard interface; returns when it is ready (-f: stays in the foreground)", RunCommand.Run),
        new("up", "IFNAME|FILE.conf", "Bring an interface up from its file, as wg-quick(8) does", QuickCommands.Up),
        new("down", "IFNAME|FILE.conf", "Take it down again, and all that came with it", QuickCommands.Down),
        new("reload", "IFNAME|FILE.conf [--dry-run] [--confirm N]", "Bring a running interface to what its file says, sessions kept", ReloadCommands.Reload),
        new("diff", "IFNAME|FILE.conf", "Show what differs between a running interface and its file", ReloadCommands.Diff),
        new("confirm", "IFNAME|FILE.conf [--undo]", "Keep (or take back) what reload --confirm did", ReloadCommands.Confirm),
        new("save", "IFNAME|FILE.conf", "Write what runs into its file; comments, order and names stay", QuickCommands.Save),
        new("strip", "IFNAME|FILE.conf", "Print a file without the keys that only wg-quick knows", QuickCommands.Strip),
        new("import", "FILE", "Take a configuration file, or a RouterOS export, to where \"up\" finds it", ImportCommand.Run),
        new("export", "IFNAME|FILE [--for routeros|linux]", "Print this end's file, or commands for another machine", ExportCommand.Run),
        new("new", "IFNAME [OPTIONS]", "Make an interface's first file: keys, address, port (--help: all options)", NewCommand.Run),
        new("peer", "add|list|remove|rename|rotate IFNAME ...", "Add a peer with its own file and QR code; list and change peers", PeerCommand.Run),
        new("show", "[IFNAME|all|interfaces] [FIELD] [--json]", "Show running interfaces, as wg(8) does or as JSON", ShowCommand.Run),
        new("showconf", "IFNAME", "Show a running interface as a file for setconf", ShowConfCommand.Run),
        new("set", "IFNAME WORD VALUE ...", "Change a running interface; the words are those of wg(8)", SetCommand.Run),
        new("setconf", "IFNAME FILE", "Replace a running interface's configuration by a file's", ConfCommand.Set),
        new("addconf", "IFNAME FILE", "Add a file's configuration to a running interface's", ConfCommand.Add),
        new("syncconf", "IFNAME FILE", "Bring a running interface to what a file says, sessions kept", ConfCommand.Sync),
        new("check", "[FILE.conf|IFNAME ...]", "Find what is wrong in files, with line and remedy (none: all of /etc/wireguard)", CheckCommand.Run),
        new("ips", "EXPRESSION...", "Arithmetic of prefixes: '0.0.0.0/0 - 192.168.0.0/16'", IpsCommand.Run),
        new("genkey", "", "Make a private key and write it to standard output", KeyCommands.GenerateKey),
        new("genpsk", "", "Make a preshared key and write it to standard output", KeyCommands.GeneratePresharedKey),
        new("pubkey", "", "Read a private key from standard input and write its public key", KeyCommands.PublicKey),
    ];

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
                WriteHelp(terminal.Error);
                return Invocation.Failure;
            case ["help", var name] when program != WireGuardGo:
                return Select(program, [name, "--help"], terminal);
            case ["--help" or "-h", ..]:
            case ["help"] when program != WireGuardGo:
                WriteHelp(terminal.Output);
                return Invocation.Success;
            case ["--version" or "-v"]:
                terminal.Output.WriteLine($"chasqui {Version}");
                return Invocation.Success;
            default:
                return Select(program, arguments, terminal);
        }
    }

    private static int Select(string program, IReadOnlyList<string> arguments, Terminal terminal)
    {
        foreach (Command command in program == WireGuardGo ? [] : Table)
        {
            if (command.Name == arguments[0])
            {
                return command.Run(new Invocation(program, [.. arguments.Skip(1)], terminal));
            }
        }

        // Anything else is an interface: "chasqui wg0" and "chasqui -f wg0" do what wireguard-go does.
        Invocation run = new(program, arguments, terminal);
        string? meant = program == WireGuardGo ? null : Spelling.Nearest(arguments[0], Table.Select(static command => command.Name));
        if (meant is not null && arguments.Count > 1)
        {
            return run.Fail($"there is no command {ConfigException.Quote(arguments[0])}; did you mean {meant}?");
        }

        if (meant is not null)
        {
            terminal.Error.WriteLine($"{program}: runs an interface named {arguments[0]}; for the command, write `{program} {meant}'");
        }

        return RunCommand.Run(run);
    }

    private static void WriteHelp(TextWriter writer)
    {
        writer.WriteLine($"""
            chasqui {Version}: WireGuard for Linux

            Usage: chasqui [-f] IFNAME         same as "chasqui run"; a drop-in for wireguard-go
                   chasqui COMMAND [ARGS]

            Commands:
            """);
        foreach (Command command in Table)
        {
            writer.WriteLine($"  {command.Name + " " + command.Usage,-HelpColumn} {command.Summary}");
        }

        writer.WriteLine("""
              --version            Print the version
              --help               Print this

            Environment of "run":
              LOG_LEVEL                 verbose, debug, error (default) or silent; WG_LOG_LEVEL is read too
              WG_PROCESS_FOREGROUND=1   the same as -f
              WG_TUN_FD, WG_UAPI_FD     open descriptors to use instead of opening the interface and the socket

            Environment of "show", "set" and the "conf" commands, as of wg(8), which a link named "wg" to this program is:
              WG_COLOR_MODE=always, never                colours, else only on a terminal
              WG_HIDE_KEYS=never                         show secret keys instead of "(hidden)"
              WG_ENDPOINT_RESOLUTION_RETRIES=N, infinity how often a host name is asked for again (15)

            The interface is configured through /var/run/wireguard/IFNAME.sock:
                chasqui wg0
                chasqui set wg0 private-key ./private.key listen-port 51820
                ip address add 10.8.0.1/24 dev wg0 && ip link set wg0 up
            It ends when the interface is deleted ("ip link del wg0") or that socket file is removed.
            """);
    }
}
