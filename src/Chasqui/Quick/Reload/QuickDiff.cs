namespace Chasqui.Quick.Reload;

/// <summary>Shows a running interface beside its file, in the file's language.</summary>
/// <remarks>
/// <c>-</c> is what runs, <c>+</c> what the file says and <c>reload</c> would make of it; what a file has no key for is a comment, and so is
/// what is no difference but worth knowing. Secrets are told to differ and not shown.
/// </remarks>
public static class QuickDiff
{
    /// <summary>Writes the differences. Changes nothing.</summary>
    /// <returns>Whether there are none.</returns>
    /// <exception cref="QuickException">It is not up.</exception>
    /// <exception cref="Core.Config.ConfigException">A value in the file is wrong.</exception>
    public static bool Write(QuickFile file, QuickOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        using QuickComparison comparison = QuickComparison.Of(file, options);
        var text = new DiffText();
        new InterfaceDiff(comparison, text).Write();
        new PeerDiff(comparison, text).Write();
        text.WriteTo(output, $"running {file.InterfaceName}", file.Path);
        return text.IsSame;
    }
}
