using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.RouterOs;
using Chasqui.Core.Scripts;

namespace Chasqui.Cli.Commands;

/// <summary><c>export</c>: this end, private key included, for another machine.</summary>
internal static class ExportCommand
{
    private static readonly Options Options = new(
        "export",
        ["IFNAME|FILE"],
        new Option("--for", "conf|routeros|linux", "A configuration file (default), or commands for RouterOS 7 or Linux"),
        new Option("--name", "IFNAME", "The interface's name over there"),
        new Option("--output", "FILE", "Write a file with mode 600 instead of standard output") { Short = "-o" },
        new Option("--force", null, "Replace the file if there is one"))
    {
        About = """
            Writes this end, private key included, for another machine that is to take its place. For the other end of a peer, see
            `chasqui peer add' and `chasqui peer rotate'.
            """,
    };

    /// <summary>Runs the command.</summary>
    internal static int Run(Invocation invocation) => Options.Run(invocation, values => Run(invocation.Terminal, values));

    private static int Run(Terminal terminal, OptionValues values)
    {
        string argument = values.Words[0];
        string path = QuickConfName.IsInterfaceName(argument) && !File.Exists(argument) ? QuickConfName.PathOf(argument) : argument;
        ConfigSource source = ConfigSource.Load(path, terminal);
        _ = source.Check(warning => terminal.Error.WriteLine($"Warning: {warning}"));
        byte[] content = Write(source, values, terminal);
        if (values.Get("--output") is not { } output)
        {
            SecretOutput.Print(terminal, content);
            return Invocation.Success;
        }

        if (File.Exists(output) && !values.Has("--force"))
        {
            throw new ConfigException($"{ConfigException.Quote(output)} exists; give another FILE, or --force to replace it.");
        }

        SecretOutput.Write(output, content, values.Has("--force"));
        return Invocation.Success;
    }

    private static byte[] Write(ConfigSource source, OptionValues values, Terminal terminal)
    {
        string form = values.Get("--for") ?? "conf";
        if (form == "conf")
        {
            return source.Bytes;
        }

        string name = values.Get("--name") ?? source.InterfaceName
            ?? throw new ConfigException($"the name of {source.Label} is no interface's; give --name IFNAME.");
        CommandScript script = form switch
        {
            "routeros" => RouterOsWriter.Write(name, source.Text),
            "linux" => LinuxCommands.Write(name, source.Text),
            _ => throw new ConfigException($"--for {ConfigException.Quote(form)} is none of conf, routeros and linux; give one of them."),
        };
        foreach (string sentence in script.NotCarriedOver)
        {
            terminal.Error.WriteLine($"Not carried over: {sentence}");
        }

        return Encoding.UTF8.GetBytes(script.Text);
    }
}
