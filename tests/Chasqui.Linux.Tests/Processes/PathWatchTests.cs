using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class PathWatchTests
{
    [Fact]
    public void SeesTheUnlinkingOfASocketInUse()
    {
        using Scratch scratch = new();
        using UnixListener listener = UnixListener.Bind(scratch["wg0.sock"]);
        using PathWatch watch = PathWatch.Open(scratch["wg0.sock"]);
        Assert.False(watch.Update());

        File.Delete(scratch["wg0.sock"]);

        AssertGone(watch);
    }

    [Fact]
    public void SeesItsRenaming()
    {
        using Scratch scratch = new();
        File.WriteAllText(scratch["one"], "");
        using PathWatch watch = PathWatch.Open(scratch["one"]);

        File.Move(scratch["one"], scratch["two"]);

        AssertGone(watch);
    }

    [Fact]
    public void SeesThatAnotherTookItsPlace()
    {
        using Scratch scratch = new();
        File.WriteAllText(scratch["one"], "");
        File.WriteAllText(scratch["two"], "");
        using PathWatch watch = PathWatch.Open(scratch["one"]);

        File.Move(scratch["two"], scratch["one"], overwrite: true);

        AssertGone(watch);
    }

    [Fact]
    public void SeesTheEndOfTheDirectory()
    {
        using Scratch scratch = new();
        _ = Directory.CreateDirectory(scratch["directory"]);
        using PathWatch watch = PathWatch.Open(scratch["directory/one"]);
        Assert.True(watch.IsGone);

        File.WriteAllText(scratch["directory/one"], "");
        using PathWatch present = PathWatch.Open(scratch["directory/one"]);
        Directory.Move(scratch["directory"], scratch["elsewhere"]);

        AssertGone(present);
    }

    [Fact]
    public void OtherNamesWakeNobody()
    {
        using Scratch scratch = new();
        foreach (string name in new[] { "one", "on", "one1" })
            File.WriteAllText(scratch[name], "");
        using PathWatch watch = PathWatch.Open(scratch["one"]);

        File.Delete(scratch["on"]);
        File.Delete(scratch["one1"]);
        File.WriteAllText(scratch["another"], "");
        File.WriteAllText(scratch["one"], "more");

        Assert.Equal(PollEvents.None, Poller.WaitOne(watch.Descriptor, PollEvents.Read, 50));
        Assert.False(watch.Update());
    }

    [Fact]
    public void AChangeOfModeIsNotTheEnd()
    {
        using Scratch scratch = new();
        File.WriteAllText(scratch["one"], "");
        using PathWatch watch = PathWatch.Open(scratch["one"]);

        File.SetUnixFileMode(scratch["one"], UnixFileMode.UserRead);

        Assert.Equal(PollEvents.Read, Poller.WaitOne(watch.Descriptor, PollEvents.Read, 10_000));
        Assert.False(watch.Update());
    }

    [Fact]
    public void AMissingDirectoryIsAnError()
    {
        using Scratch scratch = new();

        LinuxException refused = Assert.Throws<LinuxException>(() => PathWatch.Open(scratch["no/one"]));

        Assert.Equal(Errno.ENOENT, refused.Errno);
    }

    private static void AssertGone(PathWatch watch)
    {
        Assert.Equal(PollEvents.Read, Poller.WaitOne(watch.Descriptor, PollEvents.Read, 10_000));
        Assert.True(watch.Update());
        Assert.True(watch.IsGone);
    }
}
