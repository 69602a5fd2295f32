using System.Globalization;

namespace Chasqui.System.Tests.Harness;

/// <summary>Counts a running daemon's system calls by name, with strace, from its creation to <see cref="Stop"/>.</summary>
internal sealed class SystemCallCounter : IDisposable
{
    /// <summary>What waits in the kernel when strace comes is restarted under this name.</summary>
    private const string Restarted = "restart_syscall";

    private readonly RunningProcess _strace;
    private readonly string _file;

    private SystemCallCounter(RunningProcess strace, string file)
    {
        _strace = strace;
        _file = file;
    }

    /// <summary>Attaches to every thread of the daemon; <paramref name="folder"/> takes strace's table.</summary>
    public static SystemCallCounter Attach(Daemon daemon, string folder)
    {
        var file = $"{folder}/calls.{daemon.ProcessId}";
        var strace = RunningProcess.Start(["strace", "-c", "-f", "-o", file, "-p", $"{daemon.ProcessId}"]);
        var counter = new SystemCallCounter(strace, file);
        try
        {
            Poll.Until(() => strace.HasExited || ProcessTable.IsTraced(daemon.ProcessId), "strace does not attach");
            Assert.False(strace.HasExited, strace.Error);
            return counter;
        }
        catch
        {
            counter.Dispose();
            throw;
        }
    }

    /// <summary>Detaches; returns how often each call was made, in the order of their names.</summary>
    public IReadOnlyList<SystemCallCount> Stop()
    {
        Command.Run($"kill -INT {_strace.ProcessId}");
        Assert.True(_strace.WaitForExit(Poll.DefaultTimeout), "strace does not end");
        return [.. File.ReadLines(_file).Select(Parse).OfType<SystemCallCount>().OrderBy(call => call.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _strace.Dispose();

    /// <summary>Reads "% time, seconds, usecs/call, calls, errors (or nothing), name"; null for a line that is something else.</summary>
    private static SystemCallCount? Parse(string line)
    {
        var words = Command.Words(line);
        return words.Length is 5 or 6 && char.IsAsciiDigit(words[0][0]) && words[^1] is not ("total" or Restarted)
            ? new SystemCallCount(words[^1], Number(words[3]), words.Length == 6 ? Number(words[4]) : 0)
            : null;
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
