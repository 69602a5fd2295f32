using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Chasqui.Quick;

/// <summary>Programs of the machine that do what no kernel interface of ours does: hooks, resolvers, packet filters.</summary>
/// <remarks>Children have this process's standard streams but for those that are read or written here, the C locale, and the search path.</remarks>
internal sealed class HostPrograms
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly string _searchPath;

    internal HostPrograms(string searchPath) => _searchPath = searchPath;

    /// <summary>The path of a program, or null if there is none.</summary>
    internal string? Find(string name)
    {
        if (name.Contains('/'))
        {
            return IsExecutable(name) ? name : null;
        }

        foreach (string folder in _searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.Combine(folder, name);
            if (IsExecutable(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="name">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What its standard input is; null for this process's.</param>
    /// <exception cref="QuickException">There is none, or it says that it failed.</exception>
    internal void Run(string name, IReadOnlyList<string> arguments, string? input)
    {
        using Process process = Start(name, arguments, input is not null, hasOutput: false);
        Feed(process, input);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new QuickException($"it ended with exit code {process.ExitCode}");
        }
    }

    /// <summary>Runs a program and reads what it writes; what it says on standard error is dropped, and its failure is an empty answer.</summary>
    internal string Read(string name, params IReadOnlyList<string> arguments)
    {
        using Process process = Start(name, arguments, hasInput: false, hasOutput: true);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : "";
    }

    private Process Start(string name, IReadOnlyList<string> arguments, bool hasInput, bool hasOutput)
    {
        string path = Find(name) ?? throw new QuickException($"there is no program {name} in {_searchPath}");
        var start = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = hasInput,
            RedirectStandardOutput = hasOutput,
            RedirectStandardError = hasOutput,
            StandardInputEncoding = hasInput ? Utf8 : null,
        };
        start.Environment["PATH"] = _searchPath;
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new QuickException($"{path}: {exception.Message}", exception);
        }
    }

    private static void Feed(Process process, string? input)
    {
        if (input is null)
        {
            return;
        }

        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want to read it all; its exit code says whether that is a failure.
        }
    }

    private static bool IsExecutable(string path) => File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != 0;
}
