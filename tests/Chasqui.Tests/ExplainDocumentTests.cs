using System.Text.Json;
using Chasqui.Core.Explain;

namespace Chasqui.Tests;

/// <summary>docs/explain.md has a row for each code that there is, and for no other.</summary>
public sealed class ExplainDocumentTests
{
    [Fact]
    public void NamesEveryCodeInOrder()
    {
        string[] codes = [.. Enum.GetNames<ExplainCode>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

        string[] rows = [.. File.ReadLines(FindDocument()).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1])];

        Assert.Equal(codes, rows);
    }

    private static string FindDocument()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chasqui.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "explain.md");
    }
}
