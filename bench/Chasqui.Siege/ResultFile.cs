namespace Chasqui.Siege;

/// <summary>Files with results.</summary>
internal static class ResultFile
{
    /// <summary>Writes one, whole or not at all, and its folder.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string unfinished = $"{path}.new";
        File.WriteAllText(unfinished, text + "\n");
        File.Move(unfinished, path, overwrite: true);
    }
}
