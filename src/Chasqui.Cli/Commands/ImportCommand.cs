using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.RouterOs;

namespace Chasqui.Cli.Commands;

/// <summary><c>import</c>: a configuration file, or the interfaces of a RouterOS export, to where <c>up</c> finds them.</summary>
internal static class ImportCommand
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Options Options = new(
        "import",
        ["FILE"],
        new Option("--name", "IFNAME", "The interface's name here; of several in an export, the one to take"),
        new Option("--output", "DIR|FILE", $"Where to write (default: {QuickConfName.Directory})") { Short = "-o" },
        new Option("--force", null, "Replace files that exist"),
        new Option("--dry-run", null, "Print what would be written, and write nothing"))
    {
        About = """
            Takes over a file of wg-quick(8), or what RouterOS 7 exports (/export show-sensitive, or /interface/wireguard/export and the
            like), to where `chasqui up' finds it, and tells what it could not carry over. FILE may be -, standard input.
            """,
    };

    /// <summary>Runs the command.</summary>
    internal static int Run(Invocation invocation) => Options.Run(invocation, values => Run(invocation, values));

    private static int Run(Invocation invocation, OptionValues values)
    {
        Terminal terminal = invocation.Terminal;
        string? name = values.Get("--name");
        if (name is not null && !QuickConfName.IsNewInterfaceName(name))
        {
            throw new ConfigException($"--name {ConfigException.Quote(name)} is no interface's name; give 1 to 15 of letters, digits and _=+.-");
        }

        ConfigSource source = ConfigSource.Load(values.Words[0], terminal);
        List<ImportedFile> files = RouterOsImport.IsScript(source.Text) ? ReadScript(source, name, terminal) : [ReadFile(source, name, terminal)];
        Place(files, values);
        if (values.Has("--dry-run"))
        {
            SecretOutput.Warn(terminal);
            foreach (ImportedFile file in files)
            {
                terminal.Error.WriteLine($"Would write {file.Path}:");
                terminal.WriteOutput(file.Content);
            }

            return Invocation.Success;
        }

        foreach (ImportedFile file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, FolderMode);
            SecretOutput.Write(file.Path, file.Content, values.Has("--force"));
            string up = file.Path == QuickConfName.PathOf(file.Name) ? file.Name : file.Path;
            terminal.Output.WriteLine($"{file.Path} is written; bring it up with: {invocation.Program} up {up}");
        }

        return Invocation.Success;
    }

    private static ImportedFile ReadFile(ConfigSource source, string? name, Terminal terminal)
    {
        QuickConf quick = source.Check(warning => terminal.Error.WriteLine($"Warning: {warning}"));
        string own = name ?? source.InterfaceName
            ?? throw new ConfigException($"the name of {source.Label} is no interface's; give --name IFNAME.");
        WarnOfHooks(ConfKeys.PreUp, quick.PreUp, terminal);
        WarnOfHooks(ConfKeys.PostUp, quick.PostUp, terminal);
        WarnOfHooks(ConfKeys.PreDown, quick.PreDown, terminal);
        WarnOfHooks(ConfKeys.PostDown, quick.PostDown, terminal);
        return new ImportedFile(own, source.Bytes);
    }

    /// <summary>Shows each command whole: what is cut off could be what it is about.</summary>
    private static void WarnOfHooks(string key, IReadOnlyList<QuickValue> hooks, Terminal terminal)
    {
        foreach (QuickValue hook in hooks)
        {
            terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Warning: line {hook.Line}: {key} is a command that runs as root; keep it only if you know it: {hook.Text}"));
        }
    }

    private static List<ImportedFile> ReadScript(ConfigSource source, string? name, Terminal terminal)
    {
        RouterOsImport import = RouterOsImport.Read(source.Text);
        IReadOnlyList<RouterOsInterface> found = import.Interfaces;
        if (found.Count == 0)
        {
            throw new ConfigException($"{source.Label} has no interface of WireGuard; export /interface/wireguard, or all of it.");
        }

        if (name is not null && found.Count > 1)
        {
            found = [.. found.Where(known => known.Name == name || known.OriginalName == name)];
            if (found.Count == 0)
            {
                string names = string.Join(", ", import.Interfaces.Select(static known => known.Name));
                throw new ConfigException($"--name {name} is none of the interfaces of {source.Label}; give one of {names}.");
            }

            name = null;
        }

        foreach (RouterOsNote note in import.NotCarriedOver)
        {
            terminal.Error.WriteLine($"Not carried over: {note}");
        }

        return [.. found.Select(known => new ImportedFile(name ?? known.Name, Encoding.UTF8.GetBytes(known.Conf)))];
    }

    /// <summary>Says where each file goes, and refuses before anything is written.</summary>
    private static void Place(List<ImportedFile> files, OptionValues values)
    {
        string output = values.Get("--output") ?? QuickConfName.Directory;
        bool isFolder = Directory.Exists(output) || output.EndsWith('/') || output == QuickConfName.Directory;
        if (!isFolder && files.Count > 1)
        {
            string count = files.Count.ToString(CultureInfo.InvariantCulture);
            throw new ConfigException($"--output {ConfigException.Quote(output)} is one file for {count} interfaces; give a folder, or --name.");
        }

        foreach (ImportedFile file in files)
        {
            file.Path = isFolder ? Path.Combine(output, file.Name + QuickConfName.Extension) : output;
            if (File.Exists(file.Path) && !values.Has("--force") && !values.Has("--dry-run"))
            {
                throw new ConfigException($"{ConfigException.Quote(file.Path)} exists; give --name, --output, or --force to replace it.");
            }
        }
    }
}
