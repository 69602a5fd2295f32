using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chasqui.Compare;

/// <summary>Two hosts made of network namespaces, joined by a veth pair of MTU 1500. One at a time in a process.</summary>
/// <remarks>
/// Everything is named after this process. <see cref="Dispose"/> ends what was started, by number, and takes the namespaces,
/// the folder and the listed files away; an interrupt and a request to end do so too before the process leaves.
/// </remarks>
internal sealed class Lab : IDisposable
{
    /// <summary>The MTU that a contender gives its inner interface where it can choose: WireGuard's own, 1500 - 80.</summary>
    public const int InnerMtu = 1420;

    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<RunningProgram> _programs = [];
    private readonly List<string> _files = [];
    private readonly PosixSignalRegistration[] _signals;
    private volatile bool _isDisposed, _isInterrupted;

    /// <summary>Makes the hosts and the cable between them.</summary>
    /// <exception cref="LabException">They cannot be made: no root, or no such kernel.</exception>
    public Lab()
    {
        Folder = Directory.CreateTempSubdirectory("chasqui-bench-").FullName;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave)];
        try
        {
            Build();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A folder for configuration files, readable by root alone; gone with the lab.</summary>
    public string Folder { get; }

    /// <summary>Whether a signal is ending the process: what fails from now on fails for that.</summary>
    public bool IsInterrupted { get => _isInterrupted; private set => _isInterrupted = value; }

    /// <summary>The <see cref="Stopwatch"/>'s time when <see cref="Start"/> was first called; 0 if it has not been.</summary>
    public long FirstStart { get; private set; }

    /// <summary>The name of a host's network namespace.</summary>
    public static string Namespace(End end) => $"chqb{Environment.ProcessId}-{(end == End.Left ? "left" : "right")}";

    /// <summary>A name for a tunnel's interface that nobody else on the machine has: at most 15 bytes.</summary>
    public static string Interface(End end) => $"chqb{Environment.ProcessId}{(end == End.Left ? 'l' : 'r')}";

    /// <summary>A host's address on the cable; its prefix has 24 bits.</summary>
    public static string Outer(End end) => end == End.Left ? "192.0.2.1" : "192.0.2.2";

    /// <summary>A host's address inside the tunnel.</summary>
    public static string Inner(End end) => end == End.Left ? "10.7.0.1" : "10.7.0.2";

    /// <summary>The other host.</summary>
    public static End Other(End end) => end == End.Left ? End.Right : End.Left;

    /// <summary>Runs a command on a host to its end, for at most a minute.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="LabException">It failed or did not end; the message has all that it said.</exception>
    public string Run(End end, string program, params IEnumerable<string> args)
    {
        RunningProgram running = Launch(end, program, args);
        try
        {
            return running.WaitForOutput(CommandLimit);
        }
        finally
        {
            Forget(running);
        }
    }

    /// <summary>Runs ip(8) once for several of its commands on a host: one process instead of many.</summary>
    public void RunIp(End end, params IEnumerable<string> commands)
    {
        string batch = Path.Combine(Folder, $"ip-{end}");
        File.WriteAllLines(batch, commands);
        Run(end, "ip", "-batch", batch);
    }

    /// <summary>Starts a program on a host. It is ended when the lab is, unless that has been done before.</summary>
    public RunningProgram Start(End end, string program, params IEnumerable<string> args)
    {
        if (FirstStart == 0) FirstStart = Stopwatch.GetTimestamp();
        return Launch(end, program, args);
    }

    /// <summary>Ends a program that this lab started.</summary>
    public void Forget(RunningProgram program)
    {
        lock (_gate) _programs.Remove(program);
        program.Dispose();
    }

    /// <summary>The processes that live on a host, whoever started them.</summary>
    public static IReadOnlyList<int> Pids(End end) =>
        [.. OnMachine("netns", "pids", Namespace(end)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    /// <summary>Names a file outside of <see cref="Folder"/> that is to go with the lab.</summary>
    public void DeleteAtEnd(string path)
    {
        lock (_gate) _files.Add(path);
    }

    /// <summary>Writes a file into <see cref="Folder"/>.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Looks once a millisecond until something is so.</summary>
    /// <exception cref="LabException">It did not become so, or the program on which it depends has ended.</exception>
    public static void WaitUntil(Func<bool> isSo, string what, RunningProgram? program = null, int seconds = 10)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (program is { HasEnded: true }) throw new LabException($"{what}: the program has ended. {program.Said}");
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds) throw new LabException($"{what}: not within {seconds} s. {program?.Said}");
            Thread.Sleep(1);
        }
    }

    /// <summary>Pings left's inner address from right every 10 ms until the first answer.</summary>
    /// <exception cref="LabException">None has come within the time.</exception>
    public void WaitForPing(int seconds = 15)
    {
        long start = Stopwatch.GetTimestamp();
        string[] args = ["-n", "-q", "-c", "1", "-i", "0.01", "-w", "3", Inner(End.Left)];
        while (true)
        {
            try
            {
                Run(End.Right, "ping", args);
                return;
            }
            catch (LabException failure) when (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                Thread.Sleep(failure.Message.Contains("unreachable", StringComparison.Ordinal) ? 10 : 0); // no route yet: ping ended at once
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            foreach (RunningProgram program in Enumerable.Reverse(_programs)) program.Dispose();
            RemoveNamespace(End.Left);
            RemoveNamespace(End.Right);
            foreach (string file in _files) File.Delete(file);
            Directory.Delete(Folder, recursive: true);
        }

        // A signal that is being handled waits in Leave for this very lock, or is this call: never waited for here.
        foreach (PosixSignalRegistration signal in _signals) ThreadPool.QueueUserWorkItem(static s => s.Dispose(), signal, preferLocal: false);
    }

    private RunningProgram Launch(End end, string program, IEnumerable<string> args)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var running = RunningProgram.Start("ip", ["netns", "exec", Namespace(end), program, .. args]);
            _programs.Add(running);
            return running;
        }
    }

    private void Build()
    {
        foreach (End end in (End[])[End.Left, End.Right]) OnMachine("netns", "add", Namespace(end));
        OnMachine(
            "link", "add", "eth0", "netns", Namespace(End.Left), "type", "veth", "peer", "name", "eth0", "netns", Namespace(End.Right));
        foreach (End end in (End[])[End.Left, End.Right])
        {
            RunIp(end, "link set lo up", $"address add {Outer(end)}/24 dev eth0", "link set eth0 mtu 1500 up");
        }
    }

    /// <summary>What a daemon has left running in a namespace goes first: the file alone would not end it.</summary>
    private static void RemoveNamespace(End end)
    {
        if (!File.Exists($"/run/netns/{Namespace(end)}")) return;
        SignalAll(end, Libc.SIGTERM);
        long start = Stopwatch.GetTimestamp();
        while (Pids(end).Count > 0 && Stopwatch.GetElapsedTime(start).TotalSeconds < 2) Thread.Sleep(10);
        SignalAll(end, Libc.SIGKILL);
        try
        {
            OnMachine("netns", "delete", Namespace(end));
        }
        catch (LabException failure)
        {
            Console.Error.WriteLine(failure.Message); // the rest is still to be cleaned
        }
    }

    private static void SignalAll(End end, int signal)
    {
        foreach (int pid in Pids(end)) _ = Libc.kill(pid, signal);
    }

    private static string OnMachine(params IEnumerable<string> args)
    {
        using var running = RunningProgram.Start("ip", args);
        return running.WaitForOutput(CommandLimit);
    }

    private void Leave(PosixSignalContext context)
    {
        context.Cancel = true;
        IsInterrupted = true;
        Dispose();
        Environment.Exit(130);
    }
}
