using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class InputFileTests
{
    [Fact]
    public void IsReadInPiecesToItsEnd()
    {
        using Scratch scratch = new();
        File.WriteAllBytes(scratch["file"], [1, 2, 3]);
        using InputFile file = InputFile.Open(scratch["file"]);
        byte[] buffer = new byte[2];

        Assert.Equal(2, file.Read(buffer));
        Assert.Equal([1, 2], buffer);
        Assert.Equal(1, file.Read(buffer));
        Assert.Equal(0, file.Read(buffer));
    }

    [Fact]
    public void AFileHasAPositionAndAPipeHasNone()
    {
        using Scratch scratch = new();
        File.WriteAllText(scratch["file"], "");
        using InputFile file = InputFile.Open(scratch["file"]);
        using InputFile none = InputFile.Open("/dev/null");
        using ReadinessPipe pipe = new();
        using InputFile end = InputFile.Open($"/proc/self/fd/{pipe.ChildEnd.DangerousFd}");

        Assert.True(file.CanSeek);
        Assert.True(none.CanSeek);
        Assert.False(end.CanSeek);
    }

    [Fact]
    public void WhatCannotBeOpenedOrReadIsSaidWithThePath()
    {
        using Scratch scratch = new();

        LinuxException absent = Assert.Throws<LinuxException>(() => InputFile.Open(scratch["none"]));
        using InputFile folder = InputFile.Open(scratch[""]);
        LinuxException unreadable = Assert.Throws<LinuxException>(() => folder.Read(new byte[1]));

        Assert.Equal(("open", Errno.ENOENT), (absent.Syscall, absent.Errno));
        Assert.Contains("none", absent.Message, StringComparison.Ordinal);
        Assert.Equal(("read", 21), (unreadable.Syscall, unreadable.Errno)); // EISDIR
    }

    [Fact]
    public void OnlyRootsIsWhatOnlyRootCanWriteAndReplace()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");
        using Scratch scratch = new();
        string path = Folder(scratch, "own", Private) + "/wg0.conf";
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        using (InputFile file = InputFile.Open(path))
        {
            Assert.True(file.IsOnlyRoots);
            Assert.Equal(path, file.RealPath);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
            Assert.False(file.IsOnlyRoots);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite, false)]
    [InlineData(UnixFileMode.GroupWrite, false)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit, true)]
    public void AFolderFarAboveCounts(UnixFileMode mode, bool isOnlyRoots)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");
        using Scratch scratch = new();
        string outer = Folder(scratch, "outer", Private), inner = Folder(scratch, "outer/inner", Private);
        File.WriteAllText(inner + "/wg0.conf", "");
        File.SetUnixFileMode(outer, Private | mode);

        using InputFile file = InputFile.Open(inner + "/wg0.conf");

        Assert.Equal(isOnlyRoots, file.IsOnlyRoots);
    }

    [Fact]
    public void ALinkCountsWithTheFolderItIsIn()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");
        using Scratch scratch = new();
        string own = Folder(scratch, "own", Private), open = Folder(scratch, "open", Private | UnixFileMode.OtherWrite);
        File.WriteAllText(own + "/wg0.conf", "");
        _ = File.CreateSymbolicLink(own + "/direct", "../own/./wg0.conf");
        _ = File.CreateSymbolicLink(open + "/middle", own + "/wg0.conf");
        _ = File.CreateSymbolicLink(own + "/far", open + "/middle");

        using InputFile direct = InputFile.Open(own + "/direct"), far = InputFile.Open(own + "/far");

        Assert.True(direct.IsOnlyRoots);
        Assert.Equal(own + "/wg0.conf", direct.RealPath);
        Assert.False(far.IsOnlyRoots); // its end is root's, and others say which end
        Assert.Equal(own + "/wg0.conf", far.RealPath);
    }

    [Fact]
    public void AFileThatHasBeenReplacedIsNotWhatItsPathLeadsTo()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to own files");
        using Scratch scratch = new();
        string path = Folder(scratch, "own", Private) + "/wg0.conf";
        File.WriteAllText(path, "first");
        using InputFile file = InputFile.Open(path);
        File.WriteAllText(path + ".new", "second");
        File.Move(path + ".new", path, overwrite: true);

        Assert.False(file.IsOnlyRoots);
    }

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static string Folder(Scratch scratch, string name, UnixFileMode mode)
    {
        DirectoryInfo folder = Directory.CreateDirectory(scratch[name]);
        folder.UnixFileMode = mode;
        return folder.FullName;
    }
}
