using System.Diagnostics;
using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class JournalStreamTests
{
    [Fact]
    public void TheVariableNamesTheStreamByDeviceAndInode()
    {
        string own = Stat("/proc/self/fd/2");

        Assert.True(StandardStream.IsJournal(StandardStream.Error, own));
        Assert.False(StandardStream.IsJournal(StandardStream.Error, own + "1"));
        Assert.False(StandardStream.IsJournal(StandardStream.Error, "1" + own));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("x:y")]
    public void AnythingElseIsNoJournal(string? variable) => Assert.False(StandardStream.IsJournal(StandardStream.Error, variable));

    /// <summary>As stat(1) has them, of our own standard error, which it inherits.</summary>
    private static string Stat(string path)
    {
        var start = new ProcessStartInfo("stat", ["--dereference", "--format=%d:%i", path]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
