using Chasqui.Control;

namespace Chasqui.Tests.Documents;

/// <summary>docs/control.md tells of everything that the control socket says.</summary>
public sealed class ControlDocumentTests
{
    [Fact]
    public void EachKindAndReasonIsThere()
    {
        string text = File.ReadAllText(Document.Path("control.md"));

        Assert.All(ControlNames.Kinds.Concat(ControlNames.Reasons), name => Assert.Contains($"`{name}`", text));
    }
}
