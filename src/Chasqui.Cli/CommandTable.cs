using Chasqui.Cli.Commands;
using Chasqui.Cli.Commands.Explain;
using Chasqui.Cli.Commands.Live;
using Chasqui.Cli.Commands.Peers;
using Chasqui.Cli.Commands.Wg;

namespace Chasqui.Cli;

/// <summary>All commands, and the help made of them.</summary>
internal static class CommandTable
{
    private const int HelpColumn = 44;

    private static readonly (string Title, Command[] Commands)[] Groups =
    [
        ("A tunnel from nothing",
        [
            new("new", "IFNAME", "Make an interface's file: keys, address, port", NewCommand.Run),
            new("peer", "add|list|remove|rename|rotate IFNAME", "Peers with their own files and QR codes", PeerCommand.Run),
            new("import", "FILE", "Take over a .conf or what RouterOS exports", ImportCommand.Run),
            new("export", "IFNAME|FILE.conf", "An end as a file, or as commands for RouterOS or Linux", ExportCommand.Run),
            new("ips", "EXPRESSION", "Arithmetic of prefixes: '0.0.0.0/0 - 192.168.0.0/16'", IpsCommand.Run),
        ]),
        ("Interfaces and their files",
        [
            Command.Plain("up", "IFNAME|FILE.conf", "Bring an interface up from its file, as wg-quick(8) does", QuickCommands.Up, CommandHelp.Up),
            Command.Plain("down", "IFNAME|FILE.conf", "Take it down again, and all that came with it", QuickCommands.Down),
            new("reload", "IFNAME|FILE.conf", "Bring a running interface to what its file says, sessions kept", ReloadCommands.Reload),
            new("confirm", "IFNAME|FILE.conf", "Keep (or take back) what reload --confirm did", ReloadCommands.Confirm),
            new("diff", "IFNAME|FILE.conf", "What differs between a running interface and its file", ReloadCommands.Diff),
            new("check", "[IFNAME|FILE.conf ...]", "Find what is wrong in files, with line and remedy", CheckCommand.Run),
            Command.Plain("save", "IFNAME|FILE.conf", "Write what runs into its file; comments, order and names stay", QuickCommands.Save, CommandHelp.Save),
            Command.Plain("strip", "IFNAME|FILE.conf", "Print a file without the keys that only wg-quick knows", QuickCommands.Strip),
        ]),
        ("Why it works, or does not",
        [
            new("explain", "[IFNAME [PEER]]", "Say of each peer why it is silent, and what to do", ExplainCommand.Run),
        ]),
        ("Running interfaces, as wg(8)",
        [
            Command.Plain("run", "[-f] [--metrics [ADDR:]PORT] IFNAME", "Run an interface; returns when it is ready (-f: stays)", RunCommand.Run, CommandHelp.Run),
            Command.Plain("show", "[IFNAME|all|interfaces] [FIELD] [--json]", "Show running interfaces and their peers", ShowCommand.Run, CommandHelp.Show),
            Command.Plain("showconf", "IFNAME", "Show a running interface as a file for setconf", ShowConfCommand.Run),
            Command.Plain("set", "IFNAME WORD VALUE ...", "Change a running interface; the words are those of wg(8)", SetCommand.Run, CommandHelp.Set),
            Command.Plain("setconf", "IFNAME FILE", "Replace a running interface's configuration by a file's", ConfCommand.Set, CommandHelp.Conf),
            Command.Plain("addconf", "IFNAME FILE", "Add a file's configuration to a running interface's", ConfCommand.Add, CommandHelp.Conf),
            Command.Plain("syncconf", "IFNAME FILE", "Bring it to what a file says, sessions kept", ConfCommand.Sync, CommandHelp.Conf),
        ]),
        ("Running interfaces, watched",
        [
            new("watch", "[IFNAME]", "Peers, rates, round trips, loss and last events, live", WatchCommand.Run),
            new("ping", "PEER|ADDRESS", "Echo requests through the tunnel, and why nothing comes back", PingCommand.Run),
            new("capture", "IFNAME", "Packets inside a tunnel as pcapng; -o FILE or a pipe", CaptureCommand.Run),
            new("metrics", "[IFNAME]", "Counters as node_exporter reads them; -o FILE", MetricsCommand.Run),
        ]),
        ("Keys",
        [
            Command.Plain("genkey", "", "Make a private key", KeyCommands.GenerateKey, CommandHelp.GenerateKey),
            Command.Plain("genpsk", "", "Make a preshared key", KeyCommands.GeneratePresharedKey),
            Command.Plain("pubkey", "", "Read a private key and write its public key", KeyCommands.PublicKey),
        ]),
    ];

    /// <summary>The commands, in the order of the help.</summary>
    internal static IEnumerable<Command> Commands => Groups.SelectMany(static group => group.Commands);

    /// <summary>Writes the program's help.</summary>
    internal static void WriteHelp(TextWriter writer)
    {
        writer.WriteLine($"""
            chasqui {CommandLine.Version}: WireGuard for Linux

            Usage: chasqui [-f] IFNAME         same as "chasqui run"; a drop-in for wireguard-go
                   chasqui COMMAND [ARGS]      "chasqui COMMAND --help" tells its options
            """);
        foreach ((string title, Command[] commands) in Groups)
        {
            writer.WriteLine($"\n{title}:");
            foreach (Command command in commands)
            {
                writer.WriteLine($"  {command.Name + " " + command.Usage,-HelpColumn} {command.Summary}");
            }
        }

        writer.WriteLine("""

            A first tunnel:
                chasqui new wg0 --address 10.8.0.1/24 --endpoint vpn.example.com
                chasqui up wg0
                chasqui peer add wg0 phone

            Environment of "run":
                LOG_LEVEL                 verbose, info, warning, error (default) or silent; WG_LOG_LEVEL is read too
                LOG_FORMAT                text, json or journal (default where standard error leads to journald)
                WG_PROCESS_FOREGROUND=1   the same as -f
                CHASQUI_METRICS=9586      the same as --metrics 9586
                WG_TUN_FD, WG_UAPI_FD     open descriptors to use instead of opening the interface and the socket
            Environment of "show", "set" and the "conf" commands:
                WG_COLOR_MODE=always, never                colours, else only on a terminal
                WG_HIDE_KEYS=never                         show secret keys instead of "(hidden)"
                WG_ENDPOINT_RESOLUTION_RETRIES=N, infinity how often a host name is asked for again (15)

            Through links named wg, wg-quick and wireguard-go it is these programs. A running interface ends when it is
            deleted ("ip link del wg0") or its control socket /var/run/wireguard/IFNAME.sock is removed.
            """);
    }
}
