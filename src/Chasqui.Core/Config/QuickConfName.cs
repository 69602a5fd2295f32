using System.Diagnostics.CodeAnalysis;

namespace Chasqui.Core.Config;

/// <summary>The rules for the names of interfaces and of their files.</summary>
/// <remarks>Source: wg-quick(8); wireguard-tools wg-quick/linux.bash.</remarks>
public static class QuickConfName
{
    /// <summary>Where files are looked up.</summary>
    public const string Directory = "/etc/wireguard";

    /// <summary>How files' names end.</summary>
    public const string Extension = ".conf";

    /// <summary>The longest name of an interface.</summary>
    public const int MaxLength = 15;

    /// <summary>Whether <c>wg-quick</c> takes a text for an interface's name: 1 to 15 of letters, digits and <c>_=+.-</c>.</summary>
    public static bool IsInterfaceName(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '=' or '+' or '.' or '-'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaxLength;
    }

    /// <summary>Whether an interface can be made under a name: one that <c>wg-quick</c> takes, and the kernel, which refuses <c>.</c> and <c>..</c>.</summary>
    public static bool IsNewInterfaceName(ReadOnlySpan<char> text) => IsInterfaceName(text) && text is not ("." or "..");

    /// <summary>The file that an argument means: a name stands for its file in <see cref="Directory"/>, all else is a path.</summary>
    /// <remarks>As in the script, <c>wg0.conf</c> has the form of a name and stands for <c>/etc/wireguard/wg0.conf.conf</c>.</remarks>
    public static string PathOf(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return IsInterfaceName(argument) ? $"{Directory}/{argument}{Extension}" : argument;
    }

    /// <summary>The interface that a file is for: its name without directories and <see cref="Extension"/>.</summary>
    /// <param name="path">The path before symbolic links are followed.</param>
    /// <param name="name">The interface's name.</param>
    /// <returns>Whether the file has a name that an interface can have.</returns>
    public static bool TryGetInterface(string path, [NotNullWhen(true)] out string? name)
    {
        ArgumentNullException.ThrowIfNull(path);
        ReadOnlySpan<char> file = path.AsSpan(path.LastIndexOf('/') + 1);
        bool isConf = file.EndsWith(Extension, StringComparison.Ordinal) && IsInterfaceName(file[..^Extension.Length]);
        name = isConf ? file[..^Extension.Length].ToString() : null;
        return isConf;
    }
}
