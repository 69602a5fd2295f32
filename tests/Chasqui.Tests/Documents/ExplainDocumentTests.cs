using System.Text.Json;
using Chasqui.Core.Explain;

namespace Chasqui.Tests.Documents;

/// <summary>docs/explain.md has a row for each code that there is, and for no other.</summary>
public sealed class ExplainDocumentTests
{
    [Fact]
    public void NamesEveryCodeInOrder()
    {
        string[] codes = [.. Enum.GetNames<ExplainCode>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

        string[] rows = [.. File.ReadLines(Document.Path("explain.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1])];

        Assert.Equal(codes, rows);
    }
}
