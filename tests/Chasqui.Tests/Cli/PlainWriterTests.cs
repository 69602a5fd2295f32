using Chasqui.Cli;

namespace Chasqui.Tests.Cli;

public sealed class PlainWriterTests
{
    [Theory]
    [InlineData("an endpoint\nin two lines\twith é and 東京 😀", "an endpoint\nin two lines\twith é and 東京 😀")]
    [InlineData("\e[2J\e]0;title\a", "?[2J?]0;title?")]
    [InlineData("hidden\rshown", "hidden?shown")]
    [InlineData("\u009b31m", "?31m")]
    [InlineData("evil\u202egpj.conf", "evil?gpj.conf")]
    public void NothingDrivesTheTerminal(string text, string expected)
    {
        using StringWriter inner = new() { NewLine = "\n" };
        using PlainWriter writer = new(inner);

        writer.WriteLine(text);
        writer.Write(text);
        writer.Write(text.AsSpan());
        writer.Write(text.ToCharArray());

        Assert.Equal($"{expected}\n{expected}{expected}{expected}", inner.ToString());
    }

    [Fact]
    public void AMistakeThatQuotesAnArgumentIsPlain()
    {
        TestTerminal terminal = new();

        int code = terminal.Run("chasqui", "up", "\e[31m/none.conf");

        Assert.Equal(1, code);
        Assert.DoesNotContain('\e', terminal.Error);
        Assert.Contains("?[31m/none.conf", terminal.Error, StringComparison.Ordinal);
    }
}
