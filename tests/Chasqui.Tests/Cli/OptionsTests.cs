using Chasqui.Cli;
using Chasqui.Core.Config;

namespace Chasqui.Tests.Cli;

public sealed class OptionsTests
{
    private static readonly Options Known = new(
        "peer add",
        ["IFNAME", "NAME", "[MORE]"],
        new Option("--port", "N", "A port"),
        new Option("--output", "FILE", "A file") { Short = "-o" },
        new Option("--exclude", "LIST", "Prefixes") { IsRepeatable = true },
        new Option("--force", null, "Overwrite"));

    [Fact]
    public void TakesOptionsBeforeBetweenAndAfterWords()
    {
        OptionValues values = Known.Parse(["--port", "1", "wg0", "--force", "phone", "-o", "x.conf"]);

        Assert.Equal(["wg0", "phone"], values.Words);
        Assert.Equal("1", values.Get("--port"));
        Assert.True(values.Has("--force"));
        Assert.Equal("x.conf", values.Get("--output"));
        Assert.False(values.Has("--exclude"));
        Assert.Null(values.Get("--exclude"));
    }

    [Theory]
    [InlineData("--port=7", "--port", "7")]
    [InlineData("--output=a=b", "--output", "a=b")]
    [InlineData("-o=-", "--output", "-")]
    public void TakesAValueBehindAnEqualsSign(string argument, string name, string value) =>
        Assert.Equal(value, Known.Parse(["wg0", "phone", argument]).Get(name));

    [Fact]
    public void KeepsAllValuesOfARepeatableOptionInOrder() =>
        Assert.Equal(["a", "b"], Known.Parse(["--exclude", "a", "wg0", "phone", "--exclude=b"]).GetAll("--exclude"));

    [Fact]
    public void TakesWordsThatLookLikeOptionsAfterTwoDashes() =>
        Assert.Equal(["wg0", "--port"], Known.Parse(["wg0", "--", "--port"]).Words);

    [Fact]
    public void TakesASingleDashForAWordAndForAValue()
    {
        OptionValues values = Known.Parse(["wg0", "-", "-o", "-"]);

        Assert.Equal(["wg0", "-"], values.Words);
        Assert.Equal("-", values.Get("--output"));
    }

    [Theory]
    [InlineData("there is no option `--prot'; did you mean --port?", "wg0", "phone", "--prot", "1")]
    [InlineData("there is no option `--excldue'; did you mean --exclude?", "wg0", "phone", "--excldue=1")]
    [InlineData("there is no option `--zebra'; see `chasqui peer add --help'.", "wg0", "phone", "--zebra")]
    [InlineData("there is no option `-x'; see `chasqui peer add --help'.", "wg0", "phone", "-x")]
    [InlineData("--port has no value; give --port N.", "wg0", "phone", "--port")]
    [InlineData("--port has no value; give --port N.", "wg0", "phone", "--port=")]
    [InlineData("--port has no value; give --port N.", "wg0", "phone", "--port", "--force")]
    [InlineData("--port has no value; give --port N.", "wg0", "phone", "--port", "-o=x")]
    [InlineData("--port is given twice; give it once.", "wg0", "phone", "--port", "1", "--port=2")]
    [InlineData("--output is given twice; give it once.", "wg0", "phone", "-o", "1", "--output", "2")]
    [InlineData("--force takes no value; leave out what follows the '='.", "wg0", "phone", "--force=yes")]
    [InlineData("NAME is missing; usage: chasqui peer add IFNAME NAME [MORE] [OPTIONS]", "wg0")]
    [InlineData("`5' is one word too many; usage: chasqui peer add IFNAME NAME [MORE] [OPTIONS]", "wg0", "phone", "4", "5")]
    public void RefusesWithOneSentence(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, Assert.Throws<ConfigException>(() => Known.Parse(arguments)).Message);

    [Fact]
    public void ShowsNothingThatCouldDriveATerminal() =>
        Assert.Contains("`--?[31m'", Assert.Throws<ConfigException>(() => Known.Parse(["--\e[31m"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public void ShowsItsHelpWhateverElseIsWrong(string help)
    {
        StringWriter output = new() { NewLine = "\n" };
        Invocation invocation = new("chasqui", [help, "--nonsense"], new Terminal(TextReader.Null, output, TextWriter.Null, false));

        int code = Known.Run(invocation, _ => throw new InvalidOperationException());

        Assert.Equal(0, code);
        Assert.Equal(
            """
            Usage: chasqui peer add IFNAME NAME [MORE] [OPTIONS]

              --port N                  A port
              -o, --output FILE         A file
              --exclude LIST            Prefixes
              --force                   Overwrite

            """,
            output.ToString());
    }

    [Fact]
    public void SaysWhatIsWrongAndFails()
    {
        StringWriter error = new() { NewLine = "\n" };
        Invocation invocation = new("chasqui", ["wg0"], new Terminal(TextReader.Null, TextWriter.Null, error, false));

        Assert.Equal(1, Known.Run(invocation, static _ => 0));
        Assert.StartsWith("chasqui: NAME is missing;", error.ToString(), StringComparison.Ordinal);
    }
}
