using System.Diagnostics;
using System.Text;

namespace Chasqui.Compare;

/// <summary>A process that the bench started, with all that it has said. It is ended by its number, and only it.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new(), _errors = new();
    private readonly string _words;

    private RunningProgram(Process process, string words)
    {
        _process = process;
        _words = words;
    }

    /// <summary>The process number; that of the program itself, since everything before it is replaced by exec.</summary>
    public int Pid { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has written to standard output so far.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>What it has written to both outputs so far, for messages.</summary>
    public string Said
    {
        get { lock (_output) return $"{_output}{_errors}".Trim(); }
    }

    /// <summary>Starts a program that is looked up on the path. Its standard input is empty.</summary>
    /// <exception cref="LabException">It cannot be started.</exception>
    public static RunningProgram Start(string program, params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string words = string.Join(' ', [program, .. args]);
        var running = new RunningProgram(new Process { StartInfo = start }, words);
        running.Begin();
        return running;
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>All of its standard output.</returns>
    /// <exception cref="LabException">It failed, or did not end in time; then it was killed.</exception>
    public string WaitForOutput(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
        {
            End();
            throw new LabException($"{_words}: did not end within {limit.TotalSeconds:F0} s. {Said}");
        }

        _process.WaitForExit(); // the outputs have been read to their ends
        if (_process.ExitCode != 0) throw new LabException($"{_words}: ended with {_process.ExitCode}. {Said}");
        return Output;
    }

    /// <summary>Ends it: asked first, killed if it does not listen. Harmless when it has ended.</summary>
    public void End()
    {
        if (HasEnded) return;
        _ = Libc.kill(Pid, Libc.SIGTERM);
        if (_process.WaitForExit(Grace)) return;
        _ = Libc.kill(Pid, Libc.SIGKILL);
        _process.WaitForExit(Grace);
    }

    /// <summary>As <see cref="End"/>. The process object stays, for a thread that still waits for the program.</summary>
    public void Dispose() => End();

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        try
        {
            _process.Start();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new LabException($"{_words}: {failure.Message}");
        }

        Pid = _process.Id;
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (_output) text.Append(line).Append('\n');
    }
}
