namespace Chasqui.Tests.Documents;

/// <summary>The pages of docs/, and what they may name.</summary>
internal static class Document
{
    /// <summary>The repository that the test program was built in.</summary>
    public static readonly string Root = FindRoot();

    private static readonly Lazy<ILookup<string, string>> Sources = new(() =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => System.IO.Path.GetFileNameWithoutExtension(file), File.ReadAllText));

    /// <summary>A page's file.</summary>
    public static string Path(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Root, "docs", .. names]);

    /// <summary>Whether there is a test <c>Class.Fact</c>.</summary>
    public static bool HasTest(string name) =>
        name.Split('.') is [var type, var fact] && Sources.Value[type].Any(source => source.Contains($" {fact}(", StringComparison.Ordinal));

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Chasqui.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no folder above the test program has a Chasqui.slnx");
        }

        return folder;
    }
}
