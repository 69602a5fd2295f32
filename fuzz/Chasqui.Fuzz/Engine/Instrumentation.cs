using SharpFuzz;

namespace Chasqui.Fuzz.Engine;

/// <summary>Makes a copy of this program whose libraries tell which branches they take.</summary>
internal static class Instrumentation
{
    private static readonly string[] Libraries = ["Chasqui.Core.dll", "Chasqui.Linux.dll", "Chasqui.dll"];

    /// <summary>Copies this program to a folder and instruments the copy's libraries.</summary>
    internal static void CopyTo(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (string library in Libraries)
        {
            _ = Fuzzer.Instrument(Path.Combine(folder, library), IsWorthIt, Options.Value).Count();
        }
    }

    // The cipher's loops have no branch that depends on the input: counting them tells nothing and costs much.
    private static bool IsWorthIt(string type) => !type.StartsWith("Chasqui.Core.Crypto.", StringComparison.Ordinal);
}
