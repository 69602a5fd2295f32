using Chasqui.Cli.Commands;
using Chasqui.Core.Config;

namespace Chasqui.Tests.Cli;

public sealed class ReloadArgumentsTests
{
    [Theory]
    [InlineData("wg0", "wg0", false, 0)]
    [InlineData("--dry-run wg0", "wg0", true, 0)]
    [InlineData("./wg0.conf --confirm 60", "./wg0.conf", false, 60)]
    [InlineData("--confirm=86400 --dry-run wg0", "wg0", true, 86400)]
    public void AreReadInAnyOrder(string words, string file, bool isDryRun, int seconds)
    {
        var arguments = ReloadArguments.Read(ReloadArguments.Declared.Parse(words.Split(' ')));

        Assert.Equal(new ReloadArguments(file, isDryRun, seconds == 0 ? null : TimeSpan.FromSeconds(seconds)), arguments);
    }

    [Theory]
    [InlineData("", "IFNAME|FILE.conf is missing")]
    [InlineData("--dry-run", "IFNAME|FILE.conf is missing")]
    [InlineData("wg0 wg1", "`wg1' is one word too many")]
    [InlineData("wg0 --confirm", "--confirm has no value")]
    [InlineData("wg0 --confirm 0", "--confirm: `0' is no time to wait; give seconds from 1 to 86400.")]
    [InlineData("wg0 --confirm 86401", "`86401'")]
    [InlineData("wg0 --confirm 1m", "`1m'")]
    [InlineData("wg0 --confirm -1", "`-1'")]
    [InlineData("--now wg0", "there is no option `--now'; see `chasqui reload --help'")]
    [InlineData("wg0 --confrm 5", "did you mean --confirm?")]
    public void AMistakeIsNamed(string words, string sentence)
    {
        ConfigException mistake = Assert.Throws<ConfigException>(
            () => ReloadArguments.Read(ReloadArguments.Declared.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

        Assert.Contains(sentence, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reload", "--dry-run", "--confirm SECONDS")]
    [InlineData("confirm", "--undo", "reload --confirm")]
    [InlineData("diff", "Usage: chasqui diff IFNAME|FILE.conf", "2 if it cannot tell")]
    public void TheirHelpTellsTheirOptions(string command, params string[] expected)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, terminal.Run("chasqui", command, "--help"));
        Assert.All(expected, text => Assert.Contains(text, terminal.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "reload")]
    [InlineData(1, "reload", "wg0", "--confirm", "never")]
    [InlineData(2, "diff")]
    [InlineData(2, "diff", "wg0", "wg1")]
    [InlineData(2, "diff", "--strict", "wg0")]
    [InlineData(2, "diff", "/nowhere/wg0.conf")]
    [InlineData(1, "confirm")]
    [InlineData(1, "confirm", "--undo")]
    [InlineData(1, "confirm", "nosuchinterface0")]
    [InlineData(1, "confirm", "../wg0")]
    [InlineData(1, "confirm", "a name.conf")]
    [InlineData(1, "reload", "/nowhere/wg0.conf")]
    public void AMistakeIsASentenceAndAnExitCode(int code, params string[] words)
    {
        var terminal = new TestTerminal();

        Assert.Equal(code, terminal.Run("chasqui", words));
        Assert.Equal("", terminal.Output);
        Assert.Single(terminal.Error.TrimEnd('\n').Split('\n'));
    }
}
