using System.Text.Json;

namespace Chasqui.Tests.Cli;

public sealed class IpsCommandTests
{
    [Theory]
    [InlineData("10.0.0.0/24, 10.0.1.0/24", "10.0.0.0/23\n")]
    [InlineData("0.0.0.0/0 - 0.0.0.0/2", "64.0.0.0/2, 128.0.0.0/1\n")]
    [InlineData("0.0.0.0/0|-|0.0.0.0/2", "64.0.0.0/2, 128.0.0.0/1\n")]
    [InlineData("--lines|0.0.0.0/0 - 0.0.0.0/2", "64.0.0.0/2\n128.0.0.0/1\n")]
    public void PrintsPrefixes(string arguments, string output)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", ["ips", .. arguments.Split('|')]));

        Assert.Equal(output, terminal.Output);
        Assert.Equal("", terminal.Error);
    }

    [Fact]
    public void PrintsJson()
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", "ips", "::/0 - ::/1", "--json"));

        using var document = JsonDocument.Parse(terminal.Output);
        Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
        Assert.Equal("::/0 - ::/1", document.RootElement.GetProperty("expression").GetString());
        Assert.Equal("8000::/1", document.RootElement.GetProperty("prefixes")[0].GetString());
    }

    [Theory]
    [InlineData("10.0.0.0/33", "chasqui: `10.0.0.0/33' at column 1 needs a length from 0 to 32 after the '/'.\n")]
    [InlineData("::1 - all", "chasqui: `::1/128 - all' leaves no address; exclude less.\n")]
    [InlineData("--line|::1", "chasqui: `--line' is no option of ips; there are --lines, --json and --help.\n")]
    [InlineData("--json", "chasqui: ips takes an expression, for example '0.0.0.0/0 - 192.168.0.0/16'; chasqui ips --help tells more.\n")]
    public void RefusesInOneSentence(string arguments, string error)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", ["ips", .. arguments.Split('|')]));

        Assert.Equal("", terminal.Output);
        Assert.Equal(error, terminal.Error);
    }

    [Fact]
    public void HelpTellsHowCommasBind()
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", "ips", "--help"));

        Assert.Contains("everything in the list after a minus is left out", terminal.Output, StringComparison.Ordinal);
    }
}
