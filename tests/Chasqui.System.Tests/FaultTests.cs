using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Machines that fail: a sentence that names what is wrong, nothing half written, and recovery without a restart.</summary>
public sealed class FaultTests : SystemTest
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(16);

    [Fact]
    public void OnAFullDiskNothingIsHalfWritten()
    {
        Programs.Require(Implementation.Chasqui);
        using var disk = new SmallDisk();
        var conf = NewConf(disk.Path, "wg0.conf");
        var text = File.ReadAllText(conf);
        disk.Fill();

        var added = Command.Try([Chasqui, "peer", "add", conf, "phone", "-o", "-"]);
        var made = Command.Try([Chasqui, "new", "wg1", "--address", "10.9.0.1/24", "-o", $"{disk.Path}/wg1.conf"]);

        Assert.All([added, made], result => Assert.False(result.Succeeded, result.ToString()));
        Assert.All([added, made], result => Assert.Contains("ENOSPC", result.Error, StringComparison.Ordinal));
        Assert.Equal(text, File.ReadAllText(conf));
        Assert.Equal(["fill", "wg0.conf"], Files(disk.Path));
    }

    [Fact]
    public void SaveOnAFullDiskAndInAFolderThatCannotBeWrittenKeepsTheFile()
    {
        using var disk = new SmallDisk();
        using var scene = new ReloadScene();
        scene.Up("Address = 10.71.0.1/24|10.72.0.0/16");
        var conf = $"{disk.Path}/{scene.Quick.Interface}.conf";
        File.Copy(scene.Quick.File, conf);
        var text = File.ReadAllText(conf);
        scene.Network.Run($"wg set {scene.Quick.Interface} listen-port 4711");

        disk.Fill();
        var full = scene.Network.Try($"{Chasqui} save {conf}");
        disk.MakeReadOnly();
        var closed = scene.Network.Try($"{Chasqui} save {conf}");

        Assert.False(full.Succeeded || closed.Succeeded, $"{full}{closed}");
        Assert.Contains("ENOSPC", full.Error, StringComparison.Ordinal);
        Assert.Contains("EROFS", closed.Error, StringComparison.Ordinal);
        Assert.All([full, closed], result => Assert.Contains(conf, result.Error, StringComparison.Ordinal));
        Assert.Equal(text, File.ReadAllText(conf));
        Assert.Equal(["fill", Path.GetFileName(conf)], Files(disk.Path));
    }

    [Fact]
    public void AnAddressThatGoesAndComesBackIsNoReasonToRestart()
    {
        var tunnel = Own(Tunnel.UpOverVeth(Implementation.Chasqui, Implementation.Chasqui));
        tunnel.A.AssertReaches(tunnel.B);
        var link = LinkOf(tunnel.A);
        var addresses = AddressesOf(tunnel.A, link);

        tunnel.A.Daemon.Birth.Ip($"addr flush dev {link}");
        tunnel.A.AssertDoesNotReach(tunnel.B);
        foreach (var address in addresses)
        {
            tunnel.A.Daemon.Birth.Ip($"addr add {address} dev {link}{(address.Contains(':', StringComparison.Ordinal) ? " nodad" : "")}");
        }

        Poll.Until(() => tunnel.A.Home.Ping(tunnel.B.Inner4), "no traffic after the address came back", Recovery);
        tunnel.A.Daemon.AssertRunning();
    }

    [Fact]
    public void RoutesThatGoAndComeBackAreNoReasonToRestart()
    {
        var tunnel = Own(Tunnel.UpOverVeth(Implementation.Chasqui, Implementation.Chasqui));
        tunnel.A.AssertReaches(tunnel.B);
        var link = LinkOf(tunnel.A);
        var gone = tunnel.A.Daemon.Birth.Ip("-4 route show table main").Output;
        Assert.NotEmpty(gone);

        tunnel.A.Daemon.Birth.Ip("-4 route flush table main");
        tunnel.A.AssertDoesNotReach(tunnel.B);
        foreach (var route in gone.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            tunnel.A.Daemon.Birth.Ip($"-4 route add {route.Replace("linkdown", "", StringComparison.Ordinal)}");
        }

        Poll.Until(() => tunnel.A.Home.Ping(tunnel.B.Inner4), $"no traffic after the routes of {link} came back", Recovery);
        tunnel.A.Daemon.AssertRunning();
    }

    /// <summary>The other end is behind a router. The way back is the same, or by another gateway from another address: the source that stuck must let go.</summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork, "veth1")]
    [InlineData(AddressFamily.InterNetwork, "veth2")]
    [InlineData(AddressFamily.InterNetworkV6, "veth1")]
    [InlineData(AddressFamily.InterNetworkV6, "veth2")]
    public void ADefaultRouteThatGoesAndComesBackIsNoReasonToRestart(AddressFamily family, string link)
    {
        var host = NewNamespace();
        var (a, b) = RoutedTunnel(host, family);
        var route = family == AddressFamily.InterNetwork ? "-4 route" : "-6 route";
        var gone = Assert.Single(host.Ip($"{route} show default").Lines);
        Assert.Contains("dev veth1", gone, StringComparison.Ordinal);

        host.Ip($"{route} del default");
        a.AssertDoesNotReach(b);
        b.AssertDoesNotReach(a);
        host.Ip($"{route} add default via {Gateway(family, link)} dev {link}");

        Poll.Until(() => a.Home.Ping(b.Inner4), $"no traffic after a default route came back\n{a.Daemon.Log}", Recovery);
        Poll.Until(() => b.Home.Ping(a.Inner4), $"no traffic the other way\n{a.Daemon.Log}", Recovery);
        Assert.Equal($"{AddressOf(family, link)}:{a.Port}", b.EndpointOf(a));
        a.Daemon.AssertRunning();
        b.Daemon.AssertRunning();
    }

    /// <summary>A real machine's sleep is the simulator's: here the process sleeps and its peer does not.</summary>
    [Fact]
    public void AProcessThatWasStoppedGoesOnWhereItWas()
    {
        var tunnel = Own(Tunnel.UpOverLoopback(Implementation.Chasqui, Implementation.Chasqui));
        tunnel.A.AssertReaches(tunnel.B);

        Command.Run($"kill -STOP {tunnel.A.Daemon.ProcessId}");
        tunnel.B.AssertDoesNotReach(tunnel.A);
        tunnel.B.AssertDoesNotReach(tunnel.A);
        Command.Run($"kill -CONT {tunnel.A.Daemon.ProcessId}");

        Poll.Until(() => tunnel.A.Home.Ping(tunnel.B.Inner4), "no traffic after the process went on", Recovery);
        Poll.Until(() => tunnel.B.Home.Ping(tunnel.A.Inner4), "no traffic the other way", Recovery);
        tunnel.A.Daemon.AssertRunning();
    }

    private static string Chasqui => Programs.PathOf(Implementation.Chasqui);

    /// <summary>A host with two cables to a router, a default route over the first, and a host behind the router; an echo has gone through.</summary>
    private (TunnelEnd A, TunnelEnd B) RoutedTunnel(NetworkNamespace host, AddressFamily family)
    {
        Programs.Require(Implementation.Chasqui);
        var (router, far) = (NewNamespace(), NewNamespace());
        router.SetKnob("ipv4/ip_forward", "1");
        router.SetKnob("ipv6/conf/all/forwarding", "1");
        foreach (var (left, link, right, other, net) in new[] { (host, "veth1", router, "vethr1", 1), (host, "veth2", router, "vethr2", 2), (far, "veth3", router, "vethr3", 3) })
        {
            NetworkNamespace.Join(left, link, right, other);
            left.Ip($"addr add 10.0.{net}.2/24 dev {link}");
            left.Ip($"addr add fd00:{net}::2/64 dev {link} nodad");
            right.Ip($"addr add 10.0.{net}.1/24 dev {other}");
            right.Ip($"addr add fd00:{net}::1/64 dev {other} nodad");
        }

        foreach (var (end, link) in new[] { (host, "veth1"), (far, "veth3") })
        {
            end.Ip($"route add default via {Gateway(AddressFamily.InterNetwork, link)} dev {link}");
            end.Ip($"-6 route add default via {Gateway(AddressFamily.InterNetworkV6, link)} dev {link}");
        }

        var a = new TunnelEnd(Implementation.Chasqui, NewDaemon(Implementation.Chasqui, host), host, 1);
        var b = new TunnelEnd(Implementation.Chasqui, NewDaemon(Implementation.Chasqui, far), far, 2);
        a.Configure(b, null, $"{(family == AddressFamily.InterNetwork ? "10.0.3.2" : "[fd00:3::2]")}:{b.Port}");
        b.Configure(a, null, null);
        a.WaitUntilItReaches(b);
        return (a, b);
    }

    /// <summary>The router's address on a cable.</summary>
    private static string Gateway(AddressFamily family, string link) => family == AddressFamily.InterNetwork ? $"10.0.{link[^1]}.1" : $"fd00:{link[^1]}::1";

    private static string AddressOf(AddressFamily family, string link) => family == AddressFamily.InterNetwork ? $"10.0.{link[^1]}.2" : $"[fd00:{link[^1]}::2]";

    private static string LinkOf(TunnelEnd end) =>
        end.Daemon.Birth.Ip("-br link show type veth").Lines[0].Split(' ', '@')[0];

    private static string[] AddressesOf(TunnelEnd end, string link) =>
        [.. Command.Words(end.Daemon.Birth.Ip($"-br addr show dev {link} scope global").Output).Where(word => word.Contains('/', StringComparison.Ordinal))];

    private static string NewConf(string folder, string name)
    {
        var path = $"{folder}/{name}";
        Command.Succeed(Command.Try([Chasqui, "new", "wg0", "--address", "10.8.0.1/24", "--endpoint", "192.0.2.1", "-o", path]));
        return path;
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    /// <summary>A file system of a few pages.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public SmallDisk()
        {
            Programs.RequireRoot();
            Command.Run($"mount -t tmpfs -o size=64k,mode=700 tmpfs {_folder.Path}");
        }

        public string Path => _folder.Path;

        /// <summary>Leaves no page for anybody else.</summary>
        public void Fill()
        {
            using var file = File.Create($"{Path}/fill");
            try
            {
                while (true)
                {
                    file.Write(new byte[4096]);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // It is full.
            }
        }

        public void MakeReadOnly() => Command.Run($"mount -o remount,ro {_folder.Path}");

        public void Dispose()
        {
            Command.Try($"umount -l {_folder.Path}");
            _folder.Dispose();
        }
    }
}
