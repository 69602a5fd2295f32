using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>What a running daemon has given up, as the kernel tells it of every thread, and that it does its work without it.</summary>
public sealed class HardeningTests : SystemTest
{
    private const string NetAdminAndBindService = "0000000000001400";
    private const string None = "0000000000000000";
    private const string Filtered = "2";

    /// <summary>Starts a command as root with what a daemon has kept, and no more.</summary>
    private static readonly string[] WithItsCapabilities = ["setpriv", "--inh-caps=-all", "--bounding-set=-all,+net_admin,+net_bind_service"];

    [Fact]
    public void EveryThreadKeepsTwoCapabilitiesAndIsFiltered()
    {
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());

        AssertConfined(daemon.ProcessId);
    }

    [Fact]
    public void ADaemonInTheForegroundIsConfinedToo()
    {
        Programs.Require(Implementation.Chasqui);
        var host = NewNamespace();
        var name = Daemon.NewInterfaceName();
        using var process = RunningProcess.Start(host.Entering([Programs.PathOf(Implementation.Chasqui), "-f", name]));

        Poll.Until(() => Command.Try($"wg show {name} listen-port").Succeeded && IsFiltered(process.ProcessId), $"no answer\n{process.Error}");

        AssertConfined(process.ProcessId);
        Command.Run($"kill -TERM {process.ProcessId}");
        Assert.True(process.WaitForExit(Poll.DefaultTimeout), "it does not end when asked to");
        Assert.False(File.Exists(Daemon.SocketPathOf(name)));
        Assert.False(File.Exists(Control.ControlServer.PathOf(name)));
    }

    [Fact]
    public void ThreadsThatComeLaterAreConfinedToo()
    {
        var tunnel = Own(Tunnel.UpOverLoopback(Implementation.Chasqui, Implementation.Chasqui));
        tunnel.A.AssertReaches(tunnel.B); // the sockets' threads came with the link

        using var follower = RunningProcess.Start([Programs.PathOf(Implementation.Chasqui), "watch", tunnel.A.Interface]);
        tunnel.A.Wg.Set("listen-port 0");

        AssertConfined(tunnel.A.Daemon.ProcessId);
    }

    [Fact]
    public void MemoryIsHiddenAndNeverDumped()
    {
        var daemon = NewDaemon(Implementation.Chasqui, NewNamespace());
        var limits = File.ReadAllLines($"/proc/{daemon.ProcessId}/limits");

        Assert.Matches(@"^Max core file size +0 +0 ", limits.Single(line => line.StartsWith("Max core", StringComparison.Ordinal)));
        Assert.Equal(0, Convert.ToInt32(File.ReadAllText($"/proc/{daemon.ProcessId}/coredump_filter").Trim(), 16));

        // Not dumpable: a process of its own user and with its capabilities, but without CAP_SYS_PTRACE, sees nothing. With fewer capabilities
        // the kernel would refuse it anyway, whence the control: what is dumpable and has the same ones is seen.
        using var dumpable = RunningProcess.Start([.. WithItsCapabilities, "sleep", "60"]);
        Poll.Until(() => Status(dumpable.ProcessId)["CapPrm"] == NetAdminAndBindService, "the control has other capabilities");
        Assert.Equal(NetAdminAndBindService, Status(daemon.ProcessId)["CapPrm"]);
        foreach (var file in new[] { "environ", "maps" })
        {
            var control = Command.Try([.. WithItsCapabilities, "head", "-c", "1", $"/proc/{dumpable.ProcessId}/{file}"]);
            var seen = Command.Try([.. WithItsCapabilities, "head", "-c", "1", $"/proc/{daemon.ProcessId}/{file}"]);
            Assert.True(control.Succeeded && control.Output.Length == 1, control.ToString());
            Assert.False(seen.Succeeded, $"root with its capabilities reads its {file}");
        }
    }

    [Fact]
    public void WithoutLockedMemoryItSaysSoOnceAndWorks()
    {
        Programs.RequireTool("prlimit");
        Programs.RequireTool("setpriv");
        var daemon = Own(Daemon.StartInside(
            ["prlimit", "--memlock=0:0", "setpriv", "--inh-caps=-sys_resource", "--bounding-set=-sys_resource"], NewNamespace()));
        var wg = new Wg(daemon.Interface);

        wg.Set("private-key /dev/stdin", WgKey.Generate().Private + "\n");
        wg.Set("private-key /dev/stdin", WgKey.Generate().Private + "\n");

        Poll.Until(() => daemon.Log.Contains("not all keys are locked in memory", StringComparison.Ordinal), daemon.Log);
        Assert.Equal(2, daemon.Log.Split("not all keys are locked").Length);
        daemon.AssertRunning();
    }

    [Fact]
    public void ACrashLeavesNoCore()
    {
        RequireCoresInTheWorkingFolder();
        using var folder = new TemporaryFolder();

        Crash(folder, []);

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>The control of the fact above: it has looked in the right place.</summary>
    [Fact]
    public void ACrashLeavesACoreWhenItIsUnhardened()
    {
        RequireCoresInTheWorkingFolder();
        using var folder = new TemporaryFolder();

        Crash(folder, ["CHASQUI_UNHARDENED=1"]);

        var core = Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        Assert.StartsWith("core", Path.GetFileName(core), StringComparison.Ordinal);
    }

    [Fact]
    public void ItStillDoesWhatTakesPrivileges()
    {
        var tunnel = Own(Tunnel.UpOverLoopback(Implementation.Chasqui, Implementation.Chasqui));
        var end = tunnel.A;

        foreach (var port in new[] { 53, 443, 20111 })
        {
            end.Wg.Set($"listen-port {port} fwmark {port}");
            end.Port = port;
            end.WaitForPort();
            end.AssertReaches(tunnel.B);
        }

        end.TakeDown();
        end.BringUp();
        end.WaitUntilItReaches(tunnel.B);
        end.Home.Ip($"link set {end.Interface} mtu 1280");
        end.AssertReaches(tunnel.B);
        AssertConfined(end.Daemon.ProcessId);
    }

    [Fact]
    public void EndsWithTheNamespaceThatItsInterfaceIsIn()
    {
        var birth = NewNamespace();
        var other = NetworkNamespace.Create();
        var daemon = NewDaemon(Implementation.Chasqui, birth);
        birth.Ip($"link set {daemon.Interface} netns {other.Name}");
        other.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => birth.UdpPorts().Count > 0, "no port after the move");

        other.Dispose();

        daemon.WaitForExit();
        Assert.False(File.Exists(daemon.SocketPath));
        Assert.False(File.Exists(daemon.ControlSocketPath));
    }

    [Fact]
    public void UnhardenedItKeepsWhatItWasGiven()
    {
        Programs.Require(Implementation.Chasqui);
        var daemon = Own(Daemon.Start(
            Implementation.Chasqui, NewNamespace(), environment: new Dictionary<string, string> { ["CHASQUI_UNHARDENED"] = "1" }));

        var status = Status(daemon.ProcessId);

        Assert.Equal("0", status["Seccomp"]);
        Assert.Equal("0", status["NoNewPrivs"]);
        Assert.NotEqual(NetAdminAndBindService, status["CapEff"]);
    }

    /// <summary>Crashes a daemon that was born in a folder, with cores as large as they like.</summary>
    private void Crash(TemporaryFolder folder, string[] environment)
    {
        var daemon = Own(Daemon.StartInside(["prlimit", "--core=unlimited:unlimited", "env", "-C", folder.Path, .. environment], NewNamespace()));
        Assert.Equal(folder.Path, new FileInfo($"/proc/{daemon.ProcessId}/cwd").LinkTarget);

        Command.Run($"kill -ABRT {daemon.ProcessId}");

        daemon.WaitForExit();
    }

    private static void RequireCoresInTheWorkingFolder()
    {
        Programs.Require(Implementation.Chasqui);
        Programs.RequireTool("prlimit");
        var pattern = File.ReadAllText("/proc/sys/kernel/core_pattern").Trim();
        if (!pattern.StartsWith("core", StringComparison.Ordinal) || pattern.Contains('/', StringComparison.Ordinal))
        {
            Assert.Skip($"cores do not go to the working folder: kernel.core_pattern is {pattern}");
        }

        if (!Command.Try("prlimit --core=unlimited:unlimited true").Succeeded)
        {
            Assert.Skip("needs CAP_SYS_RESOURCE, to have no limit on cores");
        }
    }

    private static bool IsFiltered(int id) => TryStatus($"/proc/{id}")?["Seccomp"] == Filtered;

    private static void AssertConfined(int id)
    {
        var tasks = Directory.GetDirectories($"/proc/{id}/task").Select(task => TryStatus(task)).OfType<Dictionary<string, string>>().ToArray();
        Assert.True(tasks.Length > 3, $"{tasks.Length} threads");
        Assert.All(tasks, status =>
        {
            Assert.Equal(
                (NetAdminAndBindService, NetAdminAndBindService, None, "1", Filtered),
                (status["CapEff"], status["CapPrm"], status["CapAmb"], status["NoNewPrivs"], status["Seccomp"]));
            Assert.Equal(CanEmptyBounds() ? None : Status(Environment.ProcessId)["CapBnd"], status["CapBnd"]);
        });
    }

    /// <summary>Whether this test, and what it starts, has CAP_SETPCAP.</summary>
    private static bool CanEmptyBounds() => (Convert.ToUInt64(Status(Environment.ProcessId)["CapEff"], 16) & (1UL << 8)) != 0;

    private static Dictionary<string, string> Status(int id) =>
        TryStatus($"/proc/{id}") ?? throw new InvalidOperationException($"process {id} has ended");

    /// <summary>What the kernel says of a process or thread; null if it has ended between the listing and the reading.</summary>
    private static Dictionary<string, string>? TryStatus(string folder)
    {
        try
        {
            return File.ReadAllLines($"{folder}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());
        }
        catch (IOException)
        {
            return null;
        }
    }
}
