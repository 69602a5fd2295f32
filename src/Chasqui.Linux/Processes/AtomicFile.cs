namespace Chasqui.Linux.Processes;

/// <summary>Replaces a file's content whole or not at all, also if the power goes.</summary>
/// <remarks>What is written is in a file beside it, its owner's only, until it is complete. Two at once: one of them is refused.</remarks>
public static class AtomicFile
{
    /// <summary>Replaces a file that is there, and keeps its owner and permissions.</summary>
    /// <param name="path">The file, which must exist; no symbolic link, whose place the new file would take.</param>
    /// <param name="content">What it is to hold.</param>
    /// <exception cref="IOException">There is no room, or no such file: it is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        FileEntry entry = FileEntry.Of(path);
        if (!entry.IsRegular)
            throw new LinuxException("open", path, Errno.EINVAL);

        using TemporaryFile temporary = TemporaryFile.Beside(path);
        temporary.Write(content);
        temporary.Give(entry.Status);
        temporary.Move(isReplacing: true);
    }

    /// <summary>Writes a file that does not exist yet, for its owner's eyes only: mode 600.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <exception cref="IOException">There is such a file, which stays as it is; or no room, or no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content) => Write(path, content, isReplacing: false);

    /// <summary>Writes a file for its owner's eyes only, mode 600; one that is there is replaced, whoever owned it.</summary>
    /// <param name="path">The file; of a symbolic link the place is taken, and what it leads to stays.</param>
    /// <param name="content">What it is to hold.</param>
    /// <exception cref="IOException">There is no room, or no such folder: all is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Write(path, content, isReplacing: true);

    private static void Write(string path, ReadOnlySpan<byte> content, bool isReplacing)
    {
        using TemporaryFile temporary = TemporaryFile.Beside(path);
        temporary.Write(content);
        temporary.Move(isReplacing);
    }
}
