using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Our own control socket comes and goes with the daemon, and tells what happens to a real tunnel.</summary>
public sealed class ControlSocketTests : SystemTest
{
    private const int PatienceMilliseconds = 20_000;

    [Theory]
    [InlineData("kill -TERM")]
    [InlineData("unlink")]
    [InlineData("link del")]
    public void GoesWithTheDaemon(string end)
    {
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());
        Assert.True(new StatusClient().TryRead(daemon.Interface, out TunnelStatus? status));
        Assert.False(status.IsUp);

        switch (end)
        {
            case "unlink":
                File.Delete(daemon.SocketPath);
                break;
            case "link del":
                daemon.Birth.Ip($"link del {daemon.Interface}");
                break;
            default:
                Command.Run($"{end} {daemon.ProcessId}");
                break;
        }

        daemon.WaitForExit();
        Assert.False(File.Exists(daemon.ControlSocketPath));
    }

    [Fact]
    public void IsForRootAloneWhereThereIsNoGroup()
    {
        Assert.SkipUnless(Linux.Processes.SystemGroup.FindId("chasqui") is null, "this machine has a group chasqui");
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(daemon.ControlSocketPath));
    }

    [Fact]
    public void TheSocketOfAKilledDaemonIsReplaced()
    {
        var killed = NewDaemon(Implementation.Chasqui, NewNamespace());
        killed.Kill();
        Assert.True(File.Exists(killed.ControlSocketPath));
        Assert.False(new StatusClient().TryRead(killed.Interface, out _));
        Poll.Until(() => !killed.Birth.HasLink(killed.Interface), "the link of a killed daemon stays");

        var daemon = Own(Daemon.Start(Implementation.Chasqui, killed.Birth, killed.Interface));

        Assert.True(new StatusClient().TryRead(daemon.Interface, out _));
    }

    [Fact]
    public void ATunnelThatComesUpIsTold()
    {
        var tunnel = Own(Harness.Tunnel.UpOverLoopback(Implementation.Chasqui, Implementation.Chasqui));
        using EventFollower follower = new StatusClient().Follow(tunnel.A.Interface, from: 0);

        tunnel.A.WaitUntilItReaches(tunnel.B);

        Poll.Until(
            () => follower.TryRead(PatienceMilliseconds, out FollowedEvent told) && told.Event.Kind == TunnelEventKind.HandshakeCompleted,
            "no handshake is told");
        TunnelStatus status = new StatusClient().Read(tunnel.A.Interface);
        Assert.True(Assert.Single(status.Peers).SessionAge < TimeSpan.FromMinutes(1));
    }
}
