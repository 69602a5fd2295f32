using System.Diagnostics;

namespace Chasqui.HubBench;

/// <summary>Other programs: ip, nft and the daemon.</summary>
internal static class Shell
{
    /// <summary>Runs a command line without quotes in it, and waits.</summary>
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static string Run(string commandLine)
    {
        using Process process = Start(commandLine, captures: true);
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{commandLine}: {errors.Trim()}");
    }

    /// <summary>Starts a command line without quotes in it.</summary>
    internal static Process Start(string commandLine, bool captures)
    {
        string[] words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(words[0], words.AsSpan(1).ToArray())
        {
            RedirectStandardOutput = captures,
            RedirectStandardError = captures,
        };
        return Process.Start(start)!;
    }
}
