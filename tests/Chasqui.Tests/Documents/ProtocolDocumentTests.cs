using System.Text.RegularExpressions;

namespace Chasqui.Tests.Documents;

/// <summary>docs/protocol.md names only types and tests that exist: a page that lies is worse than none.</summary>
public sealed partial class ProtocolDocumentTests
{
    private static readonly string[][] Rows = ReadRows();

    [Fact]
    public void HasRows() => Assert.True(Rows.Length > 60, $"{Rows.Length} rows were found: has the table changed its shape?");

    [Fact]
    public void EveryTypeExists() => AssertNone(Names(column: 2).Where(name => !TypeExists(name)));

    [Fact]
    public void EveryTestExists() => AssertNone(Names(column: 3).Where(name => !Document.HasTest(name)));

    private static void AssertNone(IEnumerable<string> missing)
    {
        var names = string.Join(", ", missing);
        Assert.True(names.Length == 0, $"docs/protocol.md names what does not exist: {names}");
    }

    private static bool TypeExists(string name)
    {
        var folder = Path.Combine(Document.Root, "src", "Chasqui.Core");
        return File.Exists(Path.Combine(folder, name.Replace('.', Path.DirectorySeparatorChar) + ".cs"))
            || File.Exists(Path.Combine(folder, name + ".cs")); // a facet: Tunnel.Inbound.cs
    }

    private static IEnumerable<string> Names(int column) =>
        Rows.SelectMany(row => Quoted().Matches(row[column])).Select(match => match.Groups[1].Value).Distinct();

    private static string[][] ReadRows() =>
        [.. File.ReadLines(Document.Path("protocol.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split(" | "))
            .Where(cells => cells.Length == 4)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
