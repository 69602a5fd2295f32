using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tests;

public sealed class FileDescriptorTests
{
    [Fact]
    public void ZeroIsADescriptorAndMinusOneIsNot()
    {
        FileDescriptor zero = new(0);
        Assert.False(zero.IsInvalid);
        zero.SetHandleAsInvalid();

        Assert.True(new FileDescriptor(-1).IsInvalid);
    }

    [Fact]
    public void ClosesOnceAndThenRefusesItsNumber()
    {
        FileDescriptor file = OpenNull();
        int number = file.DangerousFd;

        file.Dispose();
        file.Dispose();

        _ = Assert.Throws<ObjectDisposedException>(() => file.DangerousFd);
        LinuxException refused = Assert.Throws<LinuxException>(() => FileDescriptor.Inherit(900_000 + number));
        Assert.Equal(Errno.EBADF, refused.Errno);
    }

    [Fact]
    public void DuplicatesAreCloseOnExecAndIndependent()
    {
        FileDescriptor first = OpenNull();
        using FileDescriptor second = first.Duplicate();

        first.Dispose();

        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(second, Libc.F_GETFD, 0));
    }

    [Fact]
    public void InheritedDescriptorsBecomeCloseOnExec()
    {
        using FileDescriptor file = OpenNull();
        using FileDescriptor copy = file.Duplicate();
        _ = Libc.fcntl(copy, Libc.F_SETFD, 0);
        int number = copy.DangerousFd;
        copy.SetHandleAsInvalid();

        using FileDescriptor inherited = FileDescriptor.Inherit(number);

        Assert.Equal(Libc.FD_CLOEXEC, Libc.fcntl(inherited, Libc.F_GETFD, 0));
    }

    [Fact]
    public void NonBlockingGoesOnAndOff()
    {
        using FileDescriptor file = OpenNull();

        file.SetNonBlocking(true);
        Assert.NotEqual(0, Libc.fcntl(file, Libc.F_GETFL, 0) & Libc.O_NONBLOCK);

        file.SetNonBlocking(false);
        Assert.Equal(0, Libc.fcntl(file, Libc.F_GETFL, 0) & Libc.O_NONBLOCK);
    }

    private static FileDescriptor OpenNull() =>
        FileDescriptor.FromResult(Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0), "open");
}
