namespace Chasqui.Tests.Cli;

/// <summary>Through the link named wg, stock's words; else one sentence with place and remedy.</summary>
public sealed class WgMessagesTests
{
    private const string NoInterface = "nosuchinterface";

    [Theory]
    [InlineData("Key is not the correct length or format: `abc'\n", "set", "wg0", "peer", "abc")]
    [InlineData("fopen: No such file or directory\n", "syncconf", "wg0", "/nonexistent")]
    [InlineData("Unable to access interface: Protocol not supported\n", "show", NoInterface)]
    public void StockSaysWhatStockSays(string expected, params string[] words)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("/usr/local/bin/wg", words));
        Assert.Equal(expected, terminal.Error);
    }

    [Theory]
    [InlineData("peer: the value has 3 characters", "set", "wg0", "peer", "abc")]
    [InlineData("`/nonexistent' cannot be read: No such file or directory", "syncconf", "wg0", "/nonexistent")]
    [InlineData("`nosuchinterface': Protocol not supported. No daemon runs it; `chasqui show interfaces' lists", "show", NoInterface)]
    [InlineData("`nosuchinterface': Protocol not supported. No daemon runs it; `chasqui show interfaces' lists", "set", NoInterface, "fwmark", "1")]
    public void TheProgramUnderItsOwnNameSaysWhatToDo(string expected, params string[] words)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", words));
        Assert.StartsWith("chasqui: ", terminal.Error, StringComparison.Ordinal);
        Assert.Contains(expected, terminal.Error, StringComparison.Ordinal);
        Assert.Single(terminal.Error.TrimEnd('\n').Split('\n'));
    }
}
