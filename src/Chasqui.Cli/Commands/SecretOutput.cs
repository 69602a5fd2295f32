using Chasqui.Linux.Processes;

namespace Chasqui.Cli.Commands;

/// <summary>Where text with private keys goes: a file for its owner's eyes only, or standard output.</summary>
internal static class SecretOutput
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes to standard output, and warns if that is a file that others may read.</summary>
    internal static void Print(Terminal terminal, ReadOnlySpan<byte> text)
    {
        Warn(terminal);
        terminal.WriteOutput(text);
    }

    /// <summary>Warns as genkey does.</summary>
    internal static void Warn(Terminal terminal)
    {
        if (terminal.IsOutputWorldAccessible)
        {
            terminal.Error.WriteLine("Warning: writing to world accessible file.\nConsider setting the umask to 077 and trying again.");
        }
    }

    /// <summary>Writes a file whole or not at all, with mode 600.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="content">What it is to hold.</param>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        if (!File.Exists(path))
        {
            AtomicFile.Create(path, content);
            return;
        }

        // Before it holds anything new; a link's place is not taken.
        string real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        File.SetUnixFileMode(real, OwnerOnly);
        AtomicFile.Write(real, content);
    }
}
