namespace Chasqui.Linux.Tests;

public sealed class LinuxExceptionTests
{
    [Fact]
    public void TheMessageSaysTheCallTheSubjectAndTheReason()
    {
        LinuxException exception = new("bind", "0.0.0.0:51820", Errno.EADDRINUSE);

        Assert.Equal("bind 0.0.0.0:51820: Address already in use (EADDRINUSE)", exception.Message);
        Assert.Equal("bind", exception.Syscall);
        Assert.Equal(98, exception.Errno);
        _ = Assert.IsAssignableFrom<IOException>(exception);
    }

    [Fact]
    public void ACallWithoutASubjectReadsWell() => Assert.Equal(
        "socket: Address family not supported by protocol (EAFNOSUPPORT)", new LinuxException("socket", Errno.EAFNOSUPPORT).Message);

    [Fact]
    public void ANumberWithoutANameHereKeepsItsNumber() => Assert.EndsWith("(131)", LinuxException.Describe(131), StringComparison.Ordinal);
}
