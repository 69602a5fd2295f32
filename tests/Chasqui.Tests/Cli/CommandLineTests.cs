using Chasqui.Cli;
using Chasqui.Cli.Commands;

namespace Chasqui.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void HelpGoesToStandardOutputAndSucceeds(string word)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("/usr/bin/chasqui", word));

        Assert.Contains("Usage: chasqui [-f] IFNAME", terminal.Output);
        Assert.Contains("genkey", terminal.Output);
        Assert.Contains("LOG_LEVEL", terminal.Output);
        Assert.Empty(terminal.Error);
    }

    [Theory]
    [InlineData("genkey", "--help")]
    [InlineData("help", "genkey")]
    public void EveryCommandHasItsHelp(string first, string second)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", first, second));

        Assert.StartsWith("Usage: chasqui genkey\n", terminal.Output);
        Assert.Empty(terminal.Error);
    }

    [Fact]
    public void AMisspeltCommandIsNoInterface()
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "shwo", "wg0"));

        Assert.Equal("chasqui: there is no command `shwo'; did you mean show?\n", terminal.Error);
    }

    [Theory]
    [InlineData("help", "peer", "add")]
    [InlineData("peer", "add", "--help")]
    public void HelpIsToldOfACommandsCommandToo(params string[] words)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", words));

        Assert.StartsWith("Usage: chasqui peer add IFNAME NAME", terminal.Output);
    }

    [Theory]
    [InlineData("nonsense", "chasqui: there is no command `nonsense'; see `chasqui --help'.\n")]
    [InlineData("relaod", "chasqui: there is no command `relaod'; did you mean reload?\n")]
    public void HelpOfNoCommandSaysSo(string word, string expected)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "help", word));

        Assert.Equal(expected, terminal.Error);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("save")]
    [InlineData("strip")]
    public void AnOptionIsNoInterface(string command)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", command, "--dry-run"));

        Assert.Equal($"chasqui: there is no option `--dry-run'; see `chasqui {command} --help'.\n", terminal.Error);
    }

    [Fact]
    public void EveryCommandTellsHowItIsCalledAndWhatItDoes()
    {
        foreach (Command command in CommandTable.Commands)
        {
            var terminal = new TestTerminal();

            Assert.Equal(0, terminal.Run("chasqui", command.Name, "--help"));

            Assert.StartsWith($"Usage: chasqui {command.Name}", terminal.Output);
            Assert.True(terminal.Output.Split('\n').Length > 3, $"{command.Name} tells nothing but its usage");
        }
    }

    [Fact]
    public void NoArgumentsFailWithTheHelpOnStandardError()
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui"));

        Assert.Empty(terminal.Output);
        Assert.Contains("Usage:", terminal.Error);
    }

    [Theory]
    [InlineData("chasqui", "--version")]
    [InlineData("chasqui", "-v")]
    [InlineData("/usr/local/bin/wireguard-go", "--version")]
    public void VersionIsOneLine(string path, string word)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run(path, word));

        Assert.Equal($"chasqui {CommandLine.Version}\n", terminal.Output);
        Assert.Matches(@"^\d+\.\d+\.\d+$", CommandLine.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("sixteen-bytes-xx")]
    [InlineData("éééééééé")] // 8 letters, 16 bytes
    public void ANameThatNoInterfaceCanHaveIsRefusedByName(string name)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "run", name));

        Assert.StartsWith($"chasqui: `{name}' cannot name an interface: ", terminal.Error);
        Assert.Single(terminal.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("--foregroun")]
    [InlineData("-f=1")]
    public void AnUnknownOptionIsRefusedByNameWithTheOneThereIs(string option)
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", option, "wg0"));

        Assert.Contains($"`{option}'", terminal.Error);
        Assert.Contains("-f", terminal.Error);
    }

    [Fact]
    public void AMissingInterfaceIsSaidWithTheUsage()
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "run"));

        Assert.Contains("name of an interface is missing", terminal.Error);
        Assert.Contains("chasqui [-f] IFNAME", terminal.Error);
    }

    [Fact]
    public void ASecondInterfaceIsTooMuch()
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("chasqui", "wg0", "wg1"));

        Assert.Contains("`wg1' is too much", terminal.Error);
        Assert.Contains("`wg0' is no command", terminal.Error);
    }

    [Fact]
    public void WireGuardGoHasNoCommandsAndSpeaksUnderItsOwnName()
    {
        var terminal = new TestTerminal();

        Assert.Equal(1, terminal.Run("/sbin/wireguard-go", "genkey", "wg1"));

        Assert.StartsWith("wireguard-go: ", terminal.Error);
        Assert.Empty(terminal.Output);
    }

    [Theory]
    [InlineData("chasqui")]
    [InlineData("wireguard-go")]
    public void TheProcessInTheBackgroundUnderstandsItsCommandLine(string program)
    {
        string name = "cannot:be"; // refused by name, which shows that it was taken for the interface

        var terminal = new TestTerminal();
        Assert.Equal(1, terminal.Run(program, new RunArguments([name], false, null).ToChild(program, name)));

        Assert.StartsWith($"{program}: `{name}' cannot name an interface", terminal.Error);
    }
}
