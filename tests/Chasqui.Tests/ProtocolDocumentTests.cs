using System.Text.RegularExpressions;

namespace Chasqui.Tests;

/// <summary>docs/protocol.md names only types and tests that exist: a page that lies is worse than none.</summary>
public sealed partial class ProtocolDocumentTests
{
    private static readonly string Root = FindRoot();
    private static readonly string[][] Rows = ReadRows();

    [Fact]
    public void HasRows() => Assert.True(Rows.Length > 60, $"{Rows.Length} rows were found: has the table changed its shape?");

    [Fact]
    public void EveryTypeExists()
    {
        AssertNone(Names(column: 2).Where(name => !TypeExists(name)));
    }

    [Fact]
    public void EveryTestExists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

        AssertNone(Names(column: 3).Where(name => !TestExists(tests, name)));
    }

    private static void AssertNone(IEnumerable<string> missing)
    {
        var names = string.Join(", ", missing);
        Assert.True(names.Length == 0, $"docs/protocol.md names what does not exist: {names}");
    }

    private static bool TypeExists(string name)
    {
        var path = Path.Combine(Root, "src", "Chasqui.Core", name.Replace('.', Path.DirectorySeparatorChar) + ".cs");
        return File.Exists(path) || File.Exists(Path.Combine(Root, "src", "Chasqui.Core", name + ".cs")); // a facet: Tunnel.Inbound.cs
    }

    private static bool TestExists(ILookup<string, string> tests, string name) =>
        name.Split('.') is [var type, var fact] && tests[type].Any(source => source.Contains($" {fact}(", StringComparison.Ordinal));

    private static IEnumerable<string> Names(int column) =>
        Rows.SelectMany(row => Quoted().Matches(row[column])).Select(match => match.Groups[1].Value).Distinct();

    private static string[][] ReadRows() =>
        [.. File.ReadLines(Path.Combine(Root, "docs", "protocol.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split(" | "))
            .Where(cells => cells.Length == 4)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chasqui.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no folder above the test program has a Chasqui.slnx");
        }

        return folder.FullName;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
