using Chasqui.Core.Config;

namespace Chasqui.Quick;

/// <summary>A <c>wg-quick</c> configuration file: where it was found, which interface it is for, and what it says.</summary>
/// <remarks>Its text holds the private key: it lives no longer than the command it is for.</remarks>
public sealed class QuickFile
{
    private readonly bool _isOnlyRoots;

    private QuickFile(ConfFile file, string interfaceName)
    {
        Path = file.RealPath;
        InterfaceName = interfaceName;
        Text = file.Text;
        Warnings = file.IsWorldAccessible ? [$"Warning: `{Path}' is world accessible"] : [];
        _isOnlyRoots = file.IsOnlyRoots;
        Conf = QuickConf.Parse(Text, Path);
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
        ConfFile file = ConfFile.Read(path, argument);
        return QuickConfName.TryGetInterface(path, out string? interfaceName)
            ? new QuickFile(file, interfaceName)
            : throw new QuickException("The config file must be a valid interface name, followed by .conf");
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

            if (string.Concat(hook.Text.EnumerateRunes()) != hook.Text)
            {
                throw new QuickException($"{Path}:{hook.Line}: the command is not UTF-8, and would run as another one; put it into a script");
            }

            RequireOnlyRoot(hook.Line);
        }
    }

    /// <summary>Refuses name servers and search domains that a resolver's programs, shell scripts most of them, could take for something else.</summary>
    /// <exception cref="ConfigException">There is such a word.</exception>
    internal void CheckNameServers()
    {
        foreach (QuickValue word in Conf.Dns.Concat(Conf.DnsSearch))
        {
            if (word.Text.StartsWith('-') || !word.Text.All(static c => char.IsLetterOrDigit(c) || c is '.' or ':' or '%' or '_' or '-' or '~'))
            {
                throw new ConfigException(
                    Path, word.Line, ConfKeys.Dns, $"{ConfigException.Quote(word.Text)} is neither an address nor a domain; correct it, or take it out.");
            }
        }
    }

    private void RequireOnlyRoot(int line)
    {
        if (!_isOnlyRoots)
        {
            throw new QuickException(
                $"{Path}:{line}: commands run as root, and others than root can write this file, or a folder or a link on the way to it. "
                + $"Run `chown root {Path}' and `chmod 600 {Path}', in a folder of root's");
        }
    }
}
