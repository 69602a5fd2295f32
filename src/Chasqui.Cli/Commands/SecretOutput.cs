using Chasqui.Linux.Processes;

namespace Chasqui.Cli.Commands;

/// <summary>Where text with private keys goes: a file for its owner's eyes only, or standard output.</summary>
internal static class SecretOutput
{
    /// <summary>Writes to standard output, and warns if that is a file that others may read.</summary>
    internal static void Print(Terminal terminal, ReadOnlySpan<byte> text)
    {
        Warn(terminal);
        terminal.WriteOutput(text);
    }

    /// <summary>Warns, in stock's words, if standard output is a file that others may read.</summary>
    internal static void Warn(Terminal terminal)
    {
        if (terminal.IsOutputWorldAccessible)
        {
            terminal.Error.WriteLine("Warning: writing to world accessible file.\nConsider setting the umask to 077 and trying again.");
        }
    }

    /// <summary>Writes a file whole or not at all, the caller's own and for nobody else's eyes: mode 600.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="isReplacing">Whether one that exists is replaced; otherwise it is refused.</param>
    internal static void Write(string path, ReadOnlySpan<byte> content, bool isReplacing)
    {
        if (isReplacing)
        {
            AtomicFile.Replace(TargetOf(path), content);
        }
        else
        {
            AtomicFile.Create(path, content);
        }
    }

    /// <summary>What a link leads to, if nobody but root says so; in a folder of many, where others make links, the link itself gives way.</summary>
    private static string TargetOf(string path)
    {
        if (!File.Exists(path))
        {
            return path;
        }

        using InputFile file = InputFile.Open(path);
        return file.IsOnlyRoots ? file.RealPath : path;
    }
}
