using System.Text.Json;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>Project Wycheproof's adversarial vectors, which live beside the project rather than in it.</summary>
internal static class WycheproofFile
{
    private const string FolderVariable = "CHASQUI_VECTORS";

    /// <summary>Reads every case of a file; skips the running test where the file is not there.</summary>
    internal static IReadOnlyList<WycheproofCase> Read(string name)
    {
        string? path = Find(name);
        if (path is null)
        {
            Assert.Skip($"{name} is neither in ../shared/vectors beside the project nor in the folder that {FolderVariable} names");
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        List<WycheproofCase> cases =
        [
            .. from tests in root.GetProperty("testGroups").EnumerateArray()
               from test in tests.GetProperty("tests").EnumerateArray()
               select new WycheproofCase(test.Clone()),
        ];
        Assert.Equal(root.GetProperty("numberOfTests").GetInt32(), cases.Count);
        return cases;
    }

    private static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            return ExistingOrNull(Path.Combine(folder, name));
        }

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Chasqui.slnx")))
            {
                return ExistingOrNull(Path.Combine(at.FullName, "..", "shared", "vectors", name));
            }
        }

        return null;
    }

    private static string? ExistingOrNull(string path) => File.Exists(path) ? path : null;
}
