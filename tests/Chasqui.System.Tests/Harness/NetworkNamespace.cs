using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Chasqui.System.Tests.Harness;

/// <summary>A network namespace of its own: one host of a scenario. Loopback is up; disposing deletes it.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    public const string Folder = "/run/netns";
    public const string Prefix = "chq-";

    private static int _count;

    private readonly List<RunningProcess> _processes = [];
    private bool _disposed;

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Makes a namespace; skips the running test without the privilege.</summary>
    public static NetworkNamespace Create()
    {
        Programs.RequireRoot();
        var made = new NetworkNamespace($"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Cleanup.Add(made);
        Command.Run($"ip netns add {made.Name}");
        made.Ip("link set lo up");

        // A router solicitation now and then would wake a daemon that is measured at rest, and be counted as traffic.
        made.SetKnob("ipv6/conf/default/router_solicitations", "0");
        return made;
    }

    /// <summary>Joins two namespaces with a virtual cable, both ends up.</summary>
    public static void Join(NetworkNamespace left, string leftLink, NetworkNamespace right, string rightLink)
    {
        left.Ip($"link add {leftLink} type veth peer name {rightLink} netns {right.Name}");
        left.Ip($"link set {leftLink} up");
        right.Ip($"link set {rightLink} up");
        left.WaitForCarrier(leftLink);
        right.WaitForCarrier(rightLink);
    }

    /// <summary>Runs <c>ip</c> in the namespace; a failure fails the test.</summary>
    public CommandResult Ip(string arguments) => Command.Run($"ip -n {Name} {arguments}");

    /// <summary>Runs a command in the namespace; a failure fails the test.</summary>
    public CommandResult Run(string commandLine, string? input = null) => Command.Run($"ip netns exec {Name} {commandLine}", input);

    public CommandResult Try(string commandLine, string? input = null) => Command.Try($"ip netns exec {Name} {commandLine}", input);

    public CommandResult Try(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment) =>
        Command.Try(Entering(command), environment: environment);

    /// <summary>Starts a command that runs beside the test and ends with the namespace.</summary>
    public RunningProcess Start(string commandLine)
    {
        var process = RunningProcess.Start(Entering(Command.Words(commandLine)));
        _processes.Add(process);
        return process;
    }

    /// <summary>The command that runs <paramref name="command"/> in this namespace.</summary>
    public string[] Entering(IReadOnlyList<string> command) => ["ip", "netns", "exec", Name, .. command];

    /// <summary>Sends one echo request and waits up to a second for its answer.</summary>
    public bool Ping(string address, string options = "") => Try($"ping -n -c 1 -W 1 {options} {address}").Succeeded;

    /// <summary>Writes a knob under <c>/proc/sys/net</c>.</summary>
    public void SetKnob(string path, string value) => Inside(() => File.WriteAllText($"/proc/sys/net/{path}", value));

    /// <summary>The local UDP ports in use, in both families.</summary>
    public HashSet<int> UdpPorts() => Inside(() =>
        File.ReadLines("/proc/thread-self/net/udp").Skip(1)
            .Concat(File.ReadLines("/proc/thread-self/net/udp6").Skip(1))
            .Select(line => Convert.ToInt32(Command.Words(line)[1].Split(':')[1], 16))
            .ToHashSet());

    /// <summary>Whether a link of this name is in the namespace.</summary>
    public bool HasLink(string link) => Inside(() => File.ReadAllText("/proc/thread-self/net/dev")).Contains($"{link}:", StringComparison.Ordinal);

    /// <summary>Runs <paramref name="action"/> on a thread of its own that has entered the namespace; sockets made there stay in it.</summary>
    public T Inside<T>(Func<T> action)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }

        return result;
    }

    public void Inside(Action action) => Inside(() =>
    {
        action();
        return true;
    });

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var process in _processes)
        {
            process.Dispose();
        }

        Command.Try($"ip netns del {Name}");
        Cleanup.Remove(this);
    }

    private void Enter()
    {
        using var file = File.OpenHandle($"{Folder}/{Name}");
        if (Libc.SetNs(file, Libc.CloneNewNet) != 0)
        {
            throw new IOException($"setns {Name}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>The kernel says so in its own time, and waits while it takes other namespaces away.</summary>
    private void WaitForCarrier(string link) => Poll.Until(
        () => Ip($"-br link show {link}").Output.Contains("LOWER_UP", StringComparison.Ordinal), $"{link} has no carrier", TimeSpan.FromSeconds(20));
}
