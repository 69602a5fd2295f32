using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Cli.Commands;

/// <summary>A text that a person named: a file, standard input, or the file of an interface.</summary>
/// <remarks>It may hold private keys: it lives no longer than the command it is for.</remarks>
internal sealed class ConfigSource
{
    private const string StandardInput = "-";
    private const long MaxLengthBytes = 16 << 20;

    private ConfigSource(string label, byte[] bytes, string? interfaceName)
    {
        Label = label;
        Bytes = bytes;
        Text = ConfEncoding.Decode(bytes);
        InterfaceName = interfaceName;
    }

    /// <summary>The text's name for sentences.</summary>
    internal string Label { get; }

    internal byte[] Bytes { get; }

    internal string Text { get; }

    /// <summary>The interface that its name says it is for; null if it says none.</summary>
    internal string? InterfaceName { get; }

    /// <summary>Reads a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="ConfigException">There is no such file, or it is too long to be one.</exception>
    internal static ConfigSource Load(string path, Terminal terminal)
    {
        if (path == StandardInput)
        {
            return new ConfigSource("standard input", Encoding.Latin1.GetBytes(terminal.Input.ReadToEnd()), null);
        }

        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new ConfigException(Environment.IsPrivilegedProcess
                ? $"{ConfigException.Quote(path)} does not exist, or is no file; give a file's path, or - for standard input."
                : $"{ConfigException.Quote(path)} does not exist, or only root can see it; run this as root, or give another file.");
        }

        if (file.Length > MaxLengthBytes)
        {
            throw new ConfigException($"{ConfigException.Quote(path)} has more than 16 MiB, which no configuration has; give another file.");
        }

        return new ConfigSource(path, File.ReadAllBytes(path), QuickConfName.TryGetInterface(path, out string? name) ? name : null);
    }

    /// <summary>Reads what stock <c>wg-quick</c> and <c>wg</c> read of it, to see that they would.</summary>
    /// <param name="warn">Told each warning.</param>
    /// <returns>What wg-quick takes.</returns>
    /// <exception cref="ConfigException">One of them would not.</exception>
    internal QuickConf Check(Action<string> warn)
    {
        QuickConf quick = QuickConf.Parse(Text, Label);
        _ = quick.ReadAddresses();
        _ = quick.ReadMtu();
        WgConfOptions options = new() { File = Label, Warn = warning => warn(warning.ToString()) };
        WgConf.Parse(quick.StripInPlace(), options).Dispose();
        return ConfDocument.Parse(Text).Interface is null
            ? throw new ConfigException($"{Label} has no [Interface] section, and is no script of RouterOS either; give one of both.")
            : quick;
    }
}
