using System.Diagnostics;
using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>A child process whose output is collected while it runs; disposing ends it.</summary>
internal sealed class RunningProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _readers;

    private RunningProcess(Process process, string commandLine)
    {
        _process = process;
        CommandLine = commandLine;
        _readers = Task.WhenAll(Collect(process.StandardOutput, _output), Collect(process.StandardError, _error));
    }

    public string CommandLine { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Snapshot(_output);

    public string Error => Snapshot(_error);

    /// <summary>Starts <paramref name="command"/>; its first word is the program.</summary>
    public static RunningProcess Start(
        IReadOnlyList<string> command, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start");
        var running = new RunningProcess(process, string.Join(' ', command));
        running.Feed(input);
        return running;
    }

    /// <summary>Waits for the process itself; a daemon it left behind may keep its output open.</summary>
    /// <returns><see langword="false"/> if the time ran out.</returns>
    public bool WaitForExit(TimeSpan timeout) => _process.WaitForExit((int)timeout.TotalMilliseconds);

    /// <summary>The result of a process that has exited, once its output is complete or a daemon is seen to hold it.</summary>
    public CommandResult Finish(TimeSpan outputTimeout)
    {
        _readers.Wait(outputTimeout);
        return new CommandResult(CommandLine, _process.ExitCode, Output, Error);
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit(2000);
        }
        catch (InvalidOperationException)
        {
            // It has exited already.
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Feed(string? input)
    {
        try
        {
            _process.StandardInput.Write(input ?? "");
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program did not want to read it all.
        }
    }

    private static async Task Collect(StreamReader reader, StringBuilder sink)
    {
        var buffer = new char[4096];
        try
        {
            for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
            {
                lock (sink)
                {
                    sink.Append(buffer, 0, read);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process was disposed while somebody else still held its output.
        }
    }

    private static string Snapshot(StringBuilder sink)
    {
        lock (sink)
        {
            return sink.ToString();
        }
    }
}
