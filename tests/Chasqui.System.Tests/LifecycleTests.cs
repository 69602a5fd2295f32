using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>How the daemon comes and goes, exactly as the program it replaces.</summary>
public sealed class LifecycleTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Daemons))]
    public void EndsWhenItsLinkIsDeleted(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());

        daemon.Birth.Ip($"link del {daemon.Interface}");

        daemon.WaitForExit();
        Assert.False(File.Exists(daemon.SocketPath));
    }

    [Fact]
    public void SaysThatItsLinkWasDeletedAndEndsWithoutFailure()
    {
        Programs.Require(Implementation.Chasqui);
        var host = NewNamespace();
        var name = Daemon.NewInterfaceName();
        var environment = new Dictionary<string, string> { ["LOG_LEVEL"] = "warning" };
        using var process = RunningProcess.Start(host.Entering([Programs.PathOf(Implementation.Chasqui), "-f", name]), environment: environment);
        Poll.Until(() => Command.Try($"wg show {name} listen-port").Succeeded, $"no answer\n{process.Error}");

        host.Ip($"link del {name}");

        Assert.True(process.WaitForExit(Poll.DefaultTimeout), "it does not end with its link");
        var result = process.Finish(Poll.DefaultTimeout);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal([$"WARNING: {name}: the interface was deleted, by itself or with its network namespace: the daemon ends"], result.Error.Trim().Split('\n'));
    }

    [Fact]
    public void SaysNothingOfADeletedLinkWhenItIsAskedToEnd()
    {
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());

        Command.Run($"kill -TERM {daemon.ProcessId}");

        daemon.WaitForExit();
        Assert.DoesNotContain("deleted", daemon.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void EndsWhenItsLinkIsDeletedInAnotherNamespace(Implementation implementation)
    {
        var (tunnel, end) = TunnelWith(implementation);

        end.Home.Ip($"link del {end.Interface}");

        end.Daemon.WaitForExit();
        Assert.False(File.Exists(end.Daemon.SocketPath));
        tunnel.B.Daemon.AssertRunning();
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void EndsWhenItsSocketIsUnlinked(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());

        File.Delete(daemon.SocketPath);

        daemon.WaitForExit();
        Assert.False(daemon.Birth.HasLink(daemon.Interface));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void EndsCleanlyWhenAskedTo(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());

        Command.Run($"kill -TERM {daemon.ProcessId}");

        daemon.WaitForExit();
        Assert.False(File.Exists(daemon.SocketPath));
        Assert.False(daemon.Birth.HasLink(daemon.Interface));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void StartsAgainOverTheSocketOfAKilledOne(Implementation implementation)
    {
        var killed = NewDaemon(implementation, NewNamespace());
        killed.Kill();
        Assert.True(File.Exists(killed.SocketPath));
        Poll.Until(() => !killed.Birth.HasLink(killed.Interface), "the link of a killed daemon stays");

        var daemon = Own(Daemon.Start(implementation, killed.Birth, killed.Interface));

        Assert.Equal(0, UapiClient.Get(daemon.Interface).Errno);
        new Wg(daemon.Interface).Set("listen-port 4567");
        Assert.Equal("4567", new Wg(daemon.Interface).Show("listen-port").Text);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void RefusesAnInterfaceInUse(Implementation implementation)
    {
        var first = NewDaemon(implementation, NewNamespace());
        new Wg(first.Interface).Set("listen-port 4568");

        var refusal = Daemon.StartExpectingFailure(implementation, first.Birth, first.Interface);

        Assert.Matches("(?i)busy|in use|exists", refusal.Output + refusal.Error);
        first.AssertRunning();
        Assert.Equal("4568", new Wg(first.Interface).Show("listen-port").Text);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void RefusesNamesThatNoInterfaceCanHave(Implementation implementation)
    {
        Programs.Require(implementation);
        var host = NewNamespace();

        foreach (var name in new[] { "a/b", "..", "sixteen-long-wg0" })
        {
            var refusal = Daemon.StartExpectingFailure(implementation, host, name);
            Assert.NotEmpty((refusal.Output + refusal.Error).Trim());
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void RefusesAnEmptyName(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "the kernel chooses a name for an empty one");
        Programs.Require(implementation);

        Daemon.StartExpectingFailure(implementation, NewNamespace(), "");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void StaysInTheForegroundWhenAsked(Implementation implementation)
    {
        Programs.Require(implementation);
        var host = NewNamespace();
        var name = Daemon.NewInterfaceName();
        var program = Programs.PathOf(implementation);
        foreach (var (command, environment) in new (string[], Dictionary<string, string>)[]
        {
            ([program, "-f", name], []),
            ([program, "--foreground", name], []),
            ([program, name], new() { ["WG_PROCESS_FOREGROUND"] = "1" }),
        })
        {
            using var process = RunningProcess.Start(host.Entering(command), environment: environment);
            Poll.Until(() => File.Exists(Daemon.SocketPathOf(name)) && host.HasLink(name), $"not ready\n{process.Error}");
            Poll.Until(() => Command.Try($"wg show {name} listen-port").Succeeded, "no answer");
            Assert.False(process.HasExited, process.Output + process.Error);

            Command.Run($"kill -TERM {process.ProcessId}");
            Assert.True(process.WaitForExit(Poll.DefaultTimeout), "it does not end when asked to");
            Assert.False(File.Exists(Daemon.SocketPathOf(name)));
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ClosesItsSocketWhileTheLinkIsDown(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it does not notice that its link went down");
        var daemon = NewDaemon(implementation, NewNamespace());
        new Wg(daemon.Interface).Set("listen-port 4569");
        Assert.Empty(daemon.Birth.UdpPorts());

        for (var round = 0; round < 3; round++)
        {
            daemon.Birth.Ip($"link set {daemon.Interface} up");
            Poll.Until(() => daemon.Birth.UdpPorts().SetEquals([4569]), "the port is not open");
            daemon.Birth.Ip($"link set {daemon.Interface} down");
            Poll.Until(() => daemon.Birth.UdpPorts().Count == 0, "the port stays open");
        }

        Assert.Equal("4569", new Wg(daemon.Interface).Show("listen-port").Text);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void DropsItsSessionsWhenTheLinkGoesDown(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it does not notice that its link went down");
        var (tunnel, end) = TunnelWith(implementation);
        end.TakeDown();
        end.BringUp();
        using var capture = PacketCapture.Start(end.Daemon.Birth, end.Port);

        end.WaitUntilItReaches(tunnel.B);

        Assert.Equal(1, capture.Packets.First(packet => packet.SourcePort == end.Port).MessageType);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void LeavesEverythingWhenAPortIsTaken(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it closes its port before it tries the other");
        var (tunnel, end) = TunnelWith(implementation);
        foreach (var taker in new[] { "0.0.0.0", "::" })
        {
            using var taken = end.Daemon.Birth.UdpSocket(taker, 5151);

            var reply = UapiClient.Set(
                end.Interface, "fwmark=7", "listen_port=5151", $"public_key={WgKey.Hex(WgKey.Random())}", "allowed_ip=10.9.0.0/16");

            Assert.Equal(-98, reply.Errno);
            Assert.Equal("off", end.Wg.Show("fwmark").Text);
            Assert.Equal($"{end.Port}", end.Wg.Show("listen-port").Text);
            Assert.Equal([tunnel.B.Key.Public], end.Wg.Peers());
            Assert.Contains(end.Port, end.Daemon.Birth.UdpPorts());
            end.AssertReaches(tunnel.B);
        }
    }

    /// <summary>A tunnel whose end A is the daemon under test and whose other end is the same program.</summary>
    private (Tunnel Tunnel, TunnelEnd End) TunnelWith(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        return (tunnel, tunnel.A);
    }
}
