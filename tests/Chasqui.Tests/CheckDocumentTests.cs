using System.Text.Json;
using Chasqui.Core.Checks;

namespace Chasqui.Tests;

/// <summary>docs/check.md has a row for each finding that there is, and for no other.</summary>
public sealed class CheckDocumentTests
{
    [Fact]
    public void NamesEveryRuleInOrder()
    {
        string[] rules = [.. Enum.GetNames<CheckRule>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

        string[] rows = [.. File.ReadLines(FindDocument()).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1])];

        Assert.Equal(rules, rows);
    }

    private static string FindDocument()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chasqui.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "check.md");
    }
}
