using System.Text.RegularExpressions;

namespace Chasqui.Tests.Documents;

/// <summary>docs/security.md: its claims name tests that exist, and its figures are those of the runs.</summary>
/// <remarks><c>./build.sh figures</c> (CHASQUI_WRITE_FIGURES=1) writes the figures anew.</remarks>
public sealed partial class SecurityDocumentTests
{
    private const string Heading = "## Figures\n";
    private static readonly string Page = Document.Path("security.md");

    [Fact]
    public void EveryTestThatIsNamedExists()
    {
        string[] named = [.. TestName().Matches(File.ReadAllText(Page)).Select(match => match.Groups[1].Value)];

        Assert.True(named.Length > 40, $"{named.Length} tests were found: has the page changed its shape?");
        Assert.All(named, name => Assert.True(Document.HasTest(name), name));
    }

    [Fact]
    public void EveryClaimNamesWhatProvesIt()
    {
        string[] rows = [.. File.ReadLines(Page).SkipWhile(line => line != "## What is defended, and how we know").TakeWhile(line => line != "## What is not defended")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line != "| claim | test |")];

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains('`', row.Split(" | ")[1]));
    }

    [Fact]
    public void TheFiguresAreThoseOfTheRuns()
    {
        string text = File.ReadAllText(Page);
        int start = text.IndexOf("\n### ", text.IndexOf(Heading, StringComparison.Ordinal), StringComparison.Ordinal) + 1;
        if (Environment.GetEnvironmentVariable("CHASQUI_WRITE_FIGURES") == "1")
        {
            File.WriteAllText(Page, (start > 0 ? text[..start] : text.TrimEnd() + "\n\n") + SecurityFigures.Render());
            return;
        }

        Assert.True(text[start..] == SecurityFigures.Render(), "docs/security.md is not what docs/security says: ./build.sh figures");
    }

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();
}
