using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class AtomicFileTests
{
    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead)]
    public void TheContentChangesAndTheModeStays(UnixFileMode mode)
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"];
        File.WriteAllText(path, "before, and longer than after");
        File.SetUnixFileMode(path, mode);
        FileStatus status = FileStatus.Of(path);
        File.WriteAllText(path + ".tmp", "left by one that was killed");

        AtomicFile.Write(path, "after"u8);

        Assert.Equal("after", File.ReadAllText(path));
        Assert.Equal(status, FileStatus.Of(path));
        Assert.Equal(mode, status.Mode);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void AFileThatIsNotThereIsNotMade()
    {
        using Scratch scratch = new();
        string path = scratch["none"];

        LinuxException exception = Assert.Throws<LinuxException>(() => AtomicFile.Write(path, "after"u8));

        Assert.Equal(Errno.ENOENT, exception.Errno);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ANewFileIsForItsOwnerOnly()
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"];

        AtomicFile.Create(path, "secret"u8);

        Assert.Equal("secret", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ANewFileTakesNobodysPlace()
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"];
        File.WriteAllText(path, "before");

        Assert.ThrowsAny<IOException>(() => AtomicFile.Create(path, "after"u8));

        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void ALinkThatLeadsNowhereIsNotFollowed()
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"];
        _ = File.CreateSymbolicLink(path, scratch["elsewhere"]);

        Assert.ThrowsAny<IOException>(() => AtomicFile.Create(path, "after"u8));

        Assert.False(File.Exists(scratch["elsewhere"]));
    }

    [Fact]
    public void ALinkIsNotWrittenThrough()
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"], target = scratch["target"];
        File.WriteAllText(target, "before");
        _ = File.CreateSymbolicLink(path, target);

        Assert.Throws<LinuxException>(() => AtomicFile.Write(path, "after"u8));

        Assert.Equal("before", File.ReadAllText(target));
        Assert.NotNull(new FileInfo(path).LinkTarget);
    }

    [Fact]
    public void ALinkInThePlaceOfTheTemporaryFileIsNotFollowed()
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"], target = scratch["target"];
        File.WriteAllText(target, "before");
        UnixFileMode mode = File.GetUnixFileMode(target);
        _ = File.CreateSymbolicLink(path + ".tmp", target);

        AtomicFile.Create(path, "after"u8);

        Assert.Equal("after", File.ReadAllText(path));
        Assert.Equal("before", File.ReadAllText(target));
        Assert.Equal(mode, File.GetUnixFileMode(target));
        Assert.False(File.Exists(path + ".tmp"));
    }

    [Fact]
    public void AReplacedFileIsForItsNewOwnerOnlyAndALinkGoes()
    {
        using Scratch scratch = new();
        string path = scratch["phone.conf"], target = scratch["target"];
        File.WriteAllText(target, "before");
        _ = File.CreateSymbolicLink(path, target);

        AtomicFile.Replace(path, "secret"u8);

        Assert.Equal("before", File.ReadAllText(target));
        Assert.Equal("secret", File.ReadAllText(path));
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void OfTwoAtOnceOneIsRefusedAndTheOtherOneGoesOn()
    {
        using Scratch scratch = new();
        string path = scratch["wg0.conf"];
        File.WriteAllText(path, "before");
        using (TemporaryFile other = TemporaryFile.Beside(path))
        {
            LinuxException exception = Assert.Throws<LinuxException>(() => AtomicFile.Write(path, "mine"u8));
            Assert.Equal(Errno.EAGAIN, exception.Errno);

            other.Write("theirs"u8);
            other.Move(isReplacing: true);
        }

        Assert.Equal("theirs", File.ReadAllText(path));
        AtomicFile.Write(path, "mine"u8);
        Assert.Equal("mine", File.ReadAllText(path));
    }
}
