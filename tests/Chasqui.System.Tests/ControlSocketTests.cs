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

    /// <summary>The group is there in the mounts of one namespace alone: this machine's groups stay as they are.</summary>
    [Fact]
    public void IsForTheGroupTooWhereThereIsOne()
    {
        const int Group = 64_999;
        Programs.RequireTool("setpriv");
        var network = NewNamespace();
        using var files = new NamespaceFiles(network).With("group", $"root:x:0:\n{ControlServer.Group}:x:{Group}:\n");
        var daemon = NewDaemon(Implementation.Chasqui, network);

        Assert.Equal($"0:{Group} 660", Command.Run($"stat -c %u:%g_%a {daemon.ControlSocketPath}").Output.Trim().Replace('_', ' '));
        Assert.Equal("600", Command.Run($"stat -c %a {daemon.SocketPath}").Output.Trim()); // stock tools' socket, which tells keys

        string program = Programs.PathOf(Implementation.Chasqui);
        var member = network.Try($"setpriv --reuid 65534 --regid 65534 --groups {Group} {program} explain {daemon.Interface}");
        Assert.Contains($"PROBLEM: {daemon.Interface} is down", member.Output);
        member = network.Try($"setpriv --reuid 65534 --regid 65534 --groups {Group} {program} metrics {daemon.Interface}");
        Assert.Contains($"chasqui_interface_up{{interface=\"{daemon.Interface}\"}} 0", member.Output);

        var stranger = network.Try($"setpriv --reuid 65534 --regid 65534 --clear-groups {program} explain {daemon.Interface}");
        Assert.Equal(2, stranger.ExitCode);
        Assert.Equal("", stranger.Output);
        Assert.Contains("Permission denied (EACCES); run this as root, or join the group chasqui (usermod -aG chasqui USER)", stranger.Error);
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
