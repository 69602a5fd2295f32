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
}
