using System.Text;
using Chasqui.Core.Config;
using Chasqui.Linux.Processes;

namespace Chasqui.Quick;

/// <summary>A <c>wg-quick</c> configuration file: where it was found, which interface it is for, and what it says.</summary>
/// <remarks>Its text holds the private key: it lives no longer than the command it is for.</remarks>
public sealed class QuickFile
{
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode WritableByMore = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private QuickFile(string path, string interfaceName, string text, IReadOnlyList<string> warnings)
    {
        Path = path;
        InterfaceName = interfaceName;
        Text = text;
        Warnings = warnings;
        Conf = QuickConf.Parse(text, path);
        Addresses = Conf.ReadAddresses();
        Mtu = Conf.ReadMtu();
    }

    /// <summary>The file itself, symbolic links followed.</summary>
    public string Path { get; }

    /// <summary>The interface that it is for.</summary>
    public string InterfaceName { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>What it says to <c>wg-quick</c>.</summary>
    public QuickConf Conf { get; }

    /// <summary>The addresses of the interface, in order.</summary>
    public IReadOnlyList<QuickAddress> Addresses { get; }

    /// <summary>The MTU; null for the automatic one.</summary>
    public int? Mtu { get; }

    /// <summary>Sentences about the file that a person should read.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Finds and reads the file of an argument: an interface's name, or a path that ends with <c>.conf</c>.</summary>
    /// <exception cref="QuickException">There is none, or it cannot be one.</exception>
    /// <exception cref="ConfigException">A value in it is wrong.</exception>
    public static QuickFile Load(string argument)
    {
        string path = QuickConfName.PathOf(argument);
        if (!File.Exists(path))
        {
            throw new QuickException($"`{path}' does not exist. Give an interface whose file is in {QuickConfName.Directory}, or a file's path");
        }

        if (!QuickConfName.TryGetInterface(path, out string? interfaceName))
        {
            throw new QuickException("The config file must be a valid interface name, followed by .conf");
        }

        string real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(path);
        string[] warnings = IsWorldAccessible(real) ? [$"Warning: `{real}' is world accessible"] : [];
        try
        {
            return new QuickFile(real, interfaceName, File.ReadAllText(real, Encoding.UTF8), warnings);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new QuickException($"`{real}' is not readable. Run this as root", exception);
        }
    }

    /// <summary>Refuses the file's commands if anybody but root could have written them.</summary>
    /// <exception cref="QuickException">There are commands, and somebody else could.</exception>
    public void CheckHooks()
    {
        IEnumerable<QuickValue> hooks = [.. Conf.PreUp, .. Conf.PostUp, .. Conf.PreDown, .. Conf.PostDown];
        foreach (QuickValue hook in hooks)
        {
            if (hook.Text.Any(static c => char.IsControl(c) && c != '\t'))
            {
                throw new QuickException($"{Path}:{hook.Line}: the command has a control character, which no shell is given; put it into a script");
            }

            RequireOnlyRoot(hook.Line);
        }
    }

    /// <summary>Whether nobody but root can write a file or put another one in its place.</summary>
    internal static bool IsOnlyRoots(string path)
    {
        FileStatus file = FileStatus.Of(path), folder = FileStatus.Of(System.IO.Path.GetDirectoryName(path)!);
        bool isFileOurs = file.OwnerId == 0 && (file.Mode & WritableByMore) == 0;
        bool isFolderOurs = folder.OwnerId == 0 && ((folder.Mode & WritableByMore) == 0 || folder.Mode.HasFlag(UnixFileMode.StickyBit));
        return isFileOurs && isFolderOurs;
    }

    /// <summary>Whether others than a file's owner and group may do anything with it.</summary>
    internal static bool IsWorldAccessible(string path)
    {
        UnixFileMode folder = File.GetUnixFileMode(System.IO.Path.GetDirectoryName(path)!);
        return (File.GetUnixFileMode(path) & folder & OfOthers) != 0;
    }

    private void RequireOnlyRoot(int line)
    {
        if (!IsOnlyRoots(Path))
        {
            throw new QuickException(
                $"{Path}:{line}: commands run as root, and others than root can write this file or its folder. "
                + $"Run `chown root {Path}' and `chmod 600 {Path}', in a folder of root's");
        }
    }
}
