using System.Security.Cryptography;

namespace Chasqui.Fuzz.Engine;

/// <summary>The corpus and the findings, as files below <c>fuzz/</c>.</summary>
internal static class Storage
{
    /// <summary>The repository's root: the nearest folder above the program that has the solution.</summary>
    internal static string Root { get; } = FindRoot();

    private static string Crashes => Path.Combine(Root, "fuzz", "crashes");

    /// <summary>The inputs that are kept for a target, in the order of their names.</summary>
    internal static IReadOnlyList<byte[]> ReadCorpus(string target)
    {
        string folder = CorpusOf(target);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : [];
    }

    /// <summary>Adds to a target's corpus the fewest and shortest of the inputs that reach what its own do not.</summary>
    internal static void AddToCorpus(IFuzzTarget target, IEnumerable<byte[]> found)
    {
        foreach (byte[] input in new FuzzLoop(target, ReadCorpus(target.Name), 0).Distilled(found))
        {
            Write(CorpusOf(target.Name), NameOf(input), input);
        }
    }

    /// <summary>Writes down a finding.</summary>
    /// <returns>The file, from the repository's root.</returns>
    internal static string WriteCrash(string target, byte[] input)
    {
        string name = $"{target}-{NameOf(input)}";
        Write(Crashes, name, input);
        return Path.GetRelativePath(Root, Path.Combine(Crashes, name));
    }

    /// <summary>The findings that nobody has taken away yet: files, from the repository's root.</summary>
    internal static IReadOnlyList<string> ReadCrashes() => Directory.Exists(Crashes)
        ? [.. Directory.EnumerateFiles(Crashes).Order(StringComparer.Ordinal).Select(static file => Path.GetRelativePath(Root, file))]
        : [];

    private static string CorpusOf(string target) => Path.Combine(Root, "fuzz", "corpus", target);

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..12];

    private static void Write(string folder, string name, byte[] input)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), input);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Chasqui.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Directory.GetCurrentDirectory();
    }
}
