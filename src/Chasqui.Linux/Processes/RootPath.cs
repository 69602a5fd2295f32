namespace Chasqui.Linux.Processes;

/// <summary>Whether a way through the file system is root's alone: every folder and every symbolic link on it, and where it ends.</summary>
/// <remarks>Whatever passes cannot be changed by anybody else afterwards, so that looking and then using is no race.</remarks>
internal static class RootPath
{
    // As many as the kernel follows. Source: path_resolution(7).
    private const int MaxLinks = 40;
    private const UnixFileMode WritableByMore = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Whether a path leads to a file, and nobody but root can make it lead to another one, or change that one.</summary>
    /// <param name="path">The path, with links and dots as somebody gave it.</param>
    /// <param name="end">The file.</param>
    internal static bool LeadsTo(string path, in FileEntry end)
    {
        string at = "/";
        Stack<string> rest = new();
        Push(rest, Path.IsPathRooted(path) ? path : Path.Combine(Environment.CurrentDirectory, path));
        FileEntry entry = FileEntry.Of(at);
        for (int links = 0; rest.TryPop(out string? name);)
        {
            if (!IsRootsFolder(entry.Status))
                return false;
            string next = name == ".." ? Path.GetDirectoryName(at) ?? "/" : Path.Combine(at, name);
            if (!FileEntry.TryGet(next, out entry) || entry.Status.OwnerId != 0)
                return false;
            if (!entry.IsLink)
            {
                at = next;
                continue;
            }

            if (++links > MaxLinks || new FileInfo(next).LinkTarget is not { } target)
                return false;
            at = Path.IsPathRooted(target) ? "/" : at;
            Push(rest, target);
            entry = FileEntry.Of(at);
        }

        return entry.IsSame(end) && (entry.Status.Mode & WritableByMore) == 0;
    }

    private static void Push(Stack<string> rest, string path)
    {
        foreach (string name in path.Split('/').Reverse())
        {
            if (name is not ("" or "."))
                rest.Push(name);
        }
    }

    /// <summary>In a folder with the sticky bit, only root takes root's entries away.</summary>
    private static bool IsRootsFolder(in FileStatus folder) =>
        folder.OwnerId == 0 && ((folder.Mode & WritableByMore) == 0 || folder.Mode.HasFlag(UnixFileMode.StickyBit));
}
