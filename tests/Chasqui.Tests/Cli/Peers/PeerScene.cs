using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Tests.Provision;

namespace Chasqui.Tests.Cli.Peers;

/// <summary>A folder with a hub's file, and the command line beside it.</summary>
internal sealed class PeerScene : IDisposable
{
    internal const string Name = "chqcli0";

    private readonly ScratchFolder _folder = new();

    internal PeerScene(params string[] options)
    {
        TestTerminal terminal = new();
        int code = terminal.Run("chasqui", ["new", Name, "-o", Path, "--address", "10.8.0.1/24", "--endpoint", "vpn.example.com:7", .. options]);
        Assert.True(code == 0, terminal.Error);
        PublicKey = terminal.Output.TrimEnd('\n');
    }

    internal string Path => _folder[Name + ".conf"];

    internal string PublicKey { get; }

    internal string Text => File.ReadAllText(Path);

    internal string this[string file] => _folder[file];

    internal IEnumerable<string> Files => Directory.GetFileSystemEntries(_folder.Path).Select(static path => System.IO.Path.GetFileName(path)).Order();

    /// <summary>Runs <c>peer VERB</c> on the file, and expects it to succeed.</summary>
    /// <returns>What it wrote.</returns>
    internal (string Output, string Error) Run(string verb, params string[] arguments)
    {
        TestTerminal terminal = new();
        int code = terminal.Run("chasqui", ["peer", verb, Path, .. arguments]);
        Assert.True(code == 0, terminal.Error);
        return (terminal.Output, terminal.Error);
    }

    /// <summary>Runs <c>peer VERB</c> on the file, and expects it to fail with one line, nothing changed.</summary>
    /// <returns>The line without the program's name.</returns>
    internal string Refuse(string verb, params string[] arguments)
    {
        string before = Text;
        string[] files = [.. Files];
        TestTerminal terminal = new();

        Assert.Equal(1, terminal.Run("chasqui", ["peer", verb, Path, .. arguments]));

        Assert.Equal("", terminal.Output);
        Assert.Equal(before, Text);
        Assert.Equal(files, Files);
        string line = terminal.Error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith("chasqui: ", line, StringComparison.Ordinal);
        return line["chasqui: ".Length..];
    }

    /// <summary>The file as it means.</summary>
    internal HubConf Read() => HubConf.Parse(Text, Path, new WgConfOptions());

    public void Dispose() => _folder.Dispose();
}
