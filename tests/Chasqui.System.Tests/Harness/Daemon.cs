using System.Diagnostics;
using System.Net.Sockets;
using Chasqui.Control;

namespace Chasqui.System.Tests.Harness;

/// <summary>A running daemon with its interface; disposing ends the process and takes its socket away.</summary>
internal sealed class Daemon : IDisposable
{
    /// <summary>The folder of the UAPI sockets, which every namespace shares.</summary>
    public const string SocketFolder = "/var/run/wireguard";

    private const string MarkName = "CHASQUI_TEST_MARK";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A tool that watches every instruction makes a start of 20 ms one of a second, where nothing else runs.</summary>
    private static readonly TimeSpan StartInsideTimeout = TimeSpan.FromSeconds(30);

    private static int _count;

    private readonly RunningProcess _starter;
    private bool _disposed;

    private Daemon(RunningProcess starter, string interfaceName, NetworkNamespace birth, string mark)
    {
        _starter = starter;
        Interface = interfaceName;
        Birth = birth;
        Mark = mark;
        Cleanup.Add(this);
    }

    public string Interface { get; }

    /// <summary>The namespace the daemon was started in, where its UDP sockets stay.</summary>
    public NetworkNamespace Birth { get; }

    /// <summary>The daemon that stays after the started program has returned.</summary>
    public int ProcessId { get; private set; }

    public string SocketPath => SocketPathOf(Interface);

    /// <summary>The socket of our own protocol; wireguard-go has none.</summary>
    public string ControlSocketPath => ControlServer.PathOf(Interface);

    public bool IsRunning => ProcessTable.IsRunning(ProcessId);

    /// <summary>What the daemon has written.</summary>
    public string Log => _starter.Output + _starter.Error;

    private string Mark { get; }

    public static string SocketPathOf(string interfaceName) => $"{SocketFolder}/{interfaceName}.sock";

    /// <summary>An interface name that no other test and no other run uses, 15 characters at most.</summary>
    public static string NewInterfaceName() => $"wg{Environment.ProcessId}n{Interlocked.Increment(ref _count)}";

    /// <summary>Starts the daemon and returns when it says it is ready; anything else fails the test.</summary>
    public static Daemon Start(
        Implementation implementation,
        NetworkNamespace birth,
        string? interfaceName = null,
        IReadOnlyDictionary<string, string>? environment = null) =>
        Start(implementation, birth, [], interfaceName ?? NewInterfaceName(), environment);

    /// <summary>Starts our daemon inside a tool that follows children; <paramref name="tool"/> is its command line.</summary>
    public static Daemon StartInside(IReadOnlyList<string> tool, NetworkNamespace birth) =>
        Start(Implementation.Chasqui, birth, tool, NewInterfaceName(), null);

    /// <summary>Starts the program where it must fail, and returns its answer.</summary>
    public static CommandResult StartExpectingFailure(Implementation implementation, NetworkNamespace birth, string interfaceName)
    {
        using var daemon = Launch(implementation, birth, [], interfaceName, null);
        Assert.True(daemon._starter.WaitForExit(StartTimeout), $"{implementation} {interfaceName} did not return\n{daemon.Log}");
        var result = daemon._starter.Finish(TimeSpan.FromMilliseconds(300));
        Assert.False(result.Succeeded, result.ToString());
        return result;
    }

    /// <summary>The environment entry that lets a program started by somebody else (wg-quick) be found again.</summary>
    public static KeyValuePair<string, string> NewMark() =>
        new(MarkName, $"{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    /// <summary>Ends the processes that carry <paramref name="mark"/>: this run started them.</summary>
    public static void KillMarked(KeyValuePair<string, string> mark)
    {
        foreach (var id in ProcessTable.WithEnvironment($"{mark.Key}={mark.Value}"))
        {
            KillProcess(id);
        }
    }

    /// <summary>Ends the process at once, as <c>kill -9</c> does; its socket file stays.</summary>
    public void Kill()
    {
        if (ProcessTable.WithEnvironment(Mark).Contains(ProcessId))
        {
            KillProcess(ProcessId);
        }

        WaitForExit();
    }

    /// <summary>Fails the test if the daemon does not end by itself.</summary>
    public void WaitForExit() => Poll.Until(() => !IsRunning, $"{Interface}'s daemon still runs\n{Log}");

    /// <summary>Fails the test, with the log, if the daemon has ended.</summary>
    public void AssertRunning() => Assert.True(IsRunning, $"{Interface}'s daemon has ended\n{Log}");

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var id in ProcessTable.WithEnvironment(Mark))
        {
            KillProcess(id);
        }

        _starter.Dispose();
        if (ProcessId != 0)
        {
            File.Delete(SocketPath);
            File.Delete(ControlSocketPath);
        }

        Cleanup.Remove(this);
    }

    private static Daemon Start(
        Implementation implementation,
        NetworkNamespace birth,
        IReadOnlyList<string> tool,
        string interfaceName,
        IReadOnlyDictionary<string, string>? environment)
    {
        var daemon = Launch(implementation, birth, tool, interfaceName, environment);
        try
        {
            var timeout = tool.Count > 0 ? StartInsideTimeout : StartTimeout;
            Assert.True(daemon._starter.WaitForExit(timeout), $"{implementation} did not return\n{daemon.Log}");
            var result = daemon._starter.Finish(TimeSpan.Zero);
            Assert.True(result.Succeeded, result.ToString());
            daemon.FindProcess();
            if (implementation == Implementation.WireguardGo)
            {
                // It returns before it is ready, dies if its interface leaves meanwhile, and hears no signal; ours may not.
                Poll.Until(daemon.Answers, "wireguard-go does not answer");
            }

            return daemon;
        }
        catch
        {
            daemon.Dispose();
            throw;
        }
    }

    private static Daemon Launch(
        Implementation implementation,
        NetworkNamespace birth,
        IReadOnlyList<string> tool,
        string interfaceName,
        IReadOnlyDictionary<string, string>? environment)
    {
        var mark = NewMark();
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            [mark.Key] = mark.Value,
        };
        variables.TryAdd("LOG_LEVEL", "verbose");
        var command = birth.Entering([.. tool, Programs.PathOf(implementation), interfaceName]);
        return new Daemon(RunningProcess.Start(command, null, variables), interfaceName, birth, $"{mark.Key}={mark.Value}");
    }

    private static void KillProcess(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }

    private bool Answers()
    {
        try
        {
            return UapiClient.Get(Interface).Errno == 0;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return false;
        }
    }

    private void FindProcess()
    {
        var found = Array.Empty<int>();
        Poll.Until(
            () => (found = [.. ProcessTable.WithEnvironment(Mark).Where(ProcessTable.IsRunning)]).Length == 1,
            $"{Interface}: one daemon should be left, there are {found.Length}\n{Log}");
        ProcessId = found[0];
    }
}
