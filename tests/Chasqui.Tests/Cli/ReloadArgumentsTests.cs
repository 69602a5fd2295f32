using Chasqui.Cli.Commands;

namespace Chasqui.Tests.Cli;

public sealed class ReloadArgumentsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("wg0", "wg0", false, 0)]
    [InlineData("--dry-run wg0", "wg0", true, 0)]
    [InlineData("./wg0.conf --confirm 60", "./wg0.conf", false, 60)]
    [InlineData("--confirm 3600 --dry-run wg0", "wg0", true, 3600)]
    public void AreReadInAnyOrder(string words, string file, bool isDryRun, int seconds)
    {
        bool isRead = ReloadArguments.TryParse(words.Split(' '), Longest, out ReloadArguments arguments, out _);

        Assert.True(isRead);
        Assert.Equal(new ReloadArguments(file, isDryRun, seconds == 0 ? null : TimeSpan.FromSeconds(seconds)), arguments);
    }

    [Theory]
    [InlineData("", "reload takes one interface or file")]
    [InlineData("--dry-run", "reload takes one interface or file")]
    [InlineData("wg0 wg1", "`wg1' is too much")]
    [InlineData("wg0 --confirm", "--confirm takes 1 to 3600 seconds, not nothing")]
    [InlineData("wg0 --confirm 0", "--confirm takes 1 to 3600 seconds, not `0'")]
    [InlineData("wg0 --confirm 3601", "not `3601'")]
    [InlineData("wg0 --confirm 1m", "not `1m'")]
    [InlineData("wg0 --confirm -1", "not `-1'")]
    [InlineData("--now wg0", "`--now' is no option of reload")]
    public void AMistakeIsNamed(string words, string sentence)
    {
        Assert.False(ReloadArguments.TryParse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Longest, out _, out string mistake));
        Assert.Contains(sentence, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "reload")]
    [InlineData(1, "reload", "wg0", "--confirm", "never")]
    [InlineData(2, "diff")]
    [InlineData(2, "diff", "wg0", "wg1")]
    [InlineData(2, "diff", "/nowhere/wg0.conf")]
    [InlineData(1, "confirm")]
    [InlineData(1, "confirm", "--undo")]
    [InlineData(1, "confirm", "nosuchinterface0")]
    [InlineData(1, "reload", "/nowhere/wg0.conf")]
    public void AMistakeIsASentenceAndAnExitCode(int code, params string[] words)
    {
        var terminal = new TestTerminal();

        Assert.Equal(code, terminal.Run("chasqui", words));
        Assert.Equal("", terminal.Output);
        Assert.Single(terminal.Error.TrimEnd('\n').Split('\n'));
    }
}
