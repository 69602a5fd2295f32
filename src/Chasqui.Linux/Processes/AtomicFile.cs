using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>Replaces a file's content whole or not at all.</summary>
public static class AtomicFile
{
    private const string Suffix = ".tmp";

    /// <summary>
    /// Writes another file beside it, with its owner and permissions, until that is on the disk, and gives it the file's name.
    /// </summary>
    /// <param name="path">The file, which must exist; no symbolic link, whose place the new file would take.</param>
    /// <param name="content">What it is to hold.</param>
    /// <exception cref="IOException">There is no room, or no such file: it is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        FileStatus status = FileStatus.Of(path);
        string temporary = path + Suffix;
        WriteTemporary(temporary, content, status);
        Move(temporary, path, overwrite: true);
    }

    /// <summary>Writes a file that does not exist yet, for its owner's eyes only: mode 600.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <exception cref="IOException">There is such a file, which stays as it is; or no room, or no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + Suffix;
        WriteTemporary(temporary, content, null);
        Move(temporary, path, overwrite: false);
    }

    private static void WriteTemporary(string temporary, ReadOnlySpan<byte> content, FileStatus? status)
    {
        File.Delete(temporary);
        try
        {
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using FileStream stream = new(temporary, options);
            stream.Write(content);
            if (status is { } known)
            {
                _ = LinuxException.Check(Libc.chown(temporary, known.OwnerId, known.GroupId), "chown", temporary);
                File.SetUnixFileMode(temporary, known.Mode);
            }

            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void Move(string temporary, string path, bool overwrite)
    {
        try
        {
            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
