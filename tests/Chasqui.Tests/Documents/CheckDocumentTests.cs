using System.Text.Json;
using Chasqui.Core.Checks;

namespace Chasqui.Tests.Documents;

/// <summary>docs/check.md has a row for each finding that there is, and for no other.</summary>
public sealed class CheckDocumentTests
{
    [Fact]
    public void NamesEveryRuleInOrder()
    {
        string[] rules = [.. Enum.GetNames<CheckRule>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

        string[] rows = [.. File.ReadLines(Document.Path("check.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1])];

        Assert.Equal(rules, rows);
    }
}
