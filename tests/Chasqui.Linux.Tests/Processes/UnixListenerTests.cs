using Chasqui.Linux.Interop;
using Chasqui.Linux.Processes;

namespace Chasqui.Linux.Tests.Processes;

public sealed class UnixListenerTests
{
    [Fact]
    public void IsForItsOwnerOnlyInADirectoryForAll()
    {
        using Scratch scratch = new();
        using UnixListener listener = UnixListener.Bind(scratch["wireguard/wg0.sock"]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch["wireguard/wg0.sock"]));
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(scratch["wireguard"]));
    }

    [Fact]
    public void IsForAGroupTooOnceItIsShared()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to give a file to a group");
        using Scratch scratch = new();
        using UnixListener listener = UnixListener.Bind(scratch["s"]);

        Assert.True(listener.ShareWith(SystemGroup.FindId("daemon")!.Value));

        FileStatus status = FileStatus.Of(scratch["s"]);
        Assert.Equal((0u, SystemGroup.FindId("daemon")), (status.OwnerId, status.GroupId));
        Assert.Equal((UnixFileMode)0x1B0, status.Mode);
    }

    [Fact]
    public void AGroupIsFoundByItsName()
    {
        Assert.Equal(0u, SystemGroup.FindId("root"));
        Assert.Null(SystemGroup.FindId("no-such-group-as-this"));
    }

    [Fact]
    public void ConnectionsAreAcceptedInTurnAndNeverWaitedFor()
    {
        using Scratch scratch = new();
        using UnixListener listener = UnixListener.Bind(scratch["s"]);
        Assert.Null(listener.Accept());

        using UnixStream client = UnixStream.Connect(scratch["s"]);
        Assert.Equal(PollEvents.Read, Poller.WaitOne(listener.Descriptor, PollEvents.Read, 10_000));
        using UnixStream? server = listener.Accept();

        Assert.NotNull(server);
        client.Write("get=1\n\n"u8);
        byte[] received = new byte[100];
        Assert.Equal(7, server.Read(received));
        Assert.Null(listener.Accept());
    }

    [Fact]
    public void ALiveSocketIsInUse()
    {
        using Scratch scratch = new();
        using UnixListener first = UnixListener.Bind(scratch["s"]);

        LinuxException refused = Assert.Throws<LinuxException>(() => UnixListener.Bind(scratch["s"]));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
        using UnixStream stillThere = UnixStream.Connect(scratch["s"]);
    }

    [Fact]
    public void ADeadSocketIsReplaced()
    {
        using Scratch scratch = new();
        UnixListener dead = UnixListener.Bind(scratch["s"]);
        dead.Descriptor.Dispose();
        Assert.True(File.Exists(scratch["s"]));

        using UnixListener listener = UnixListener.Bind(scratch["s"]);

        using UnixStream client = UnixStream.Connect(scratch["s"]);
    }

    [Fact]
    public void AnythingButASocketIsLeftAlone()
    {
        using Scratch scratch = new();
        File.WriteAllText(scratch["s"], "precious");

        LinuxException refused = Assert.Throws<LinuxException>(() => UnixListener.Bind(scratch["s"]));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
        Assert.Equal("precious", File.ReadAllText(scratch["s"]));
    }

    [Fact]
    public void RemovesItsOwnNameAndNobodyElses()
    {
        using Scratch scratch = new();
        UnixListener.Bind(scratch["s"]).Dispose();
        Assert.False(File.Exists(scratch["s"]));

        UnixListener first = UnixListener.Bind(scratch["s"]);
        File.Delete(scratch["s"]);
        using UnixListener second = UnixListener.Bind(scratch["s"]);
        first.Dispose();
        Assert.True(File.Exists(scratch["s"]));
    }

    [Fact]
    public void ATooLongPathIsRefusedByName()
    {
        LinuxException refused = Assert.Throws<LinuxException>(() => UnixListener.Bind("/tmp/" + new string('x', 103)));

        Assert.Equal(Errno.ENAMETOOLONG, refused.Errno);
    }

    [Fact]
    public void TakesOverAListeningSocketAndNothingElse()
    {
        using Scratch scratch = new();
        using UnixListener original = UnixListener.Bind(scratch["s"]);
        FileDescriptor handed = original.Descriptor.Duplicate();
        int number = handed.DangerousFd;
        handed.SetHandleAsInvalid();

        using UnixListener listener = UnixListener.FromDescriptor(number);
        using UnixStream client = UnixStream.Connect(scratch["s"]);

        Assert.NotNull(listener.Accept());
        using EventFd flag = new();
        Assert.Equal(Errno.ENOTSOCK, Refusal(flag.Descriptor));
        Assert.Equal(Errno.EINVAL, Refusal(client.Descriptor));
        Assert.Equal(0, Libc.fcntl(client.Descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC));
    }

    private static int Refusal(FileDescriptor descriptor) =>
        Assert.Throws<LinuxException>(() => UnixListener.FromDescriptor(descriptor.DangerousFd)).Errno;
}
