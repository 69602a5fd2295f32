using Chasqui.Control;

namespace Chasqui.Tests;

/// <summary>docs/control.md tells of everything that the control socket says.</summary>
public sealed class ControlDocumentTests
{
    [Fact]
    public void EachKindAndReasonIsThere()
    {
        string text = File.ReadAllText(FindDocument());

        Assert.All(ControlNames.Kinds.Concat(ControlNames.Reasons), name => Assert.Contains($"`{name}`", text));
    }

    private static string FindDocument()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Chasqui.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "docs", "control.md");
    }
}
