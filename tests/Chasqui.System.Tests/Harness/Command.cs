namespace Chasqui.System.Tests.Harness;

/// <summary>Runs a tool to its end, with a limit on time.</summary>
internal static class Command
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    /// <summary>How long output may trail behind an exit: only a daemon that inherited the pipe keeps it open longer.</summary>
    private static readonly TimeSpan TrailingOutput = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs a command written as words between blanks; a failure fails the test with its output.</summary>
    public static CommandResult Run(string commandLine, string? input = null) => Succeed(Try(Words(commandLine), input));

    /// <summary>As <see cref="Run"/>, with the failure left to the caller.</summary>
    public static CommandResult Try(string commandLine, string? input = null) => Try(Words(commandLine), input);

    public static CommandResult Try(
        IReadOnlyList<string> command,
        string? input = null,
        TimeSpan? timeout = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = RunningProcess.Start(command, input, environment);
        if (!process.WaitForExit(timeout ?? DefaultTimeout))
        {
            process.Kill();
            Assert.Fail($"`{process.CommandLine}` did not end in time\n{process.Output}{process.Error}");
        }

        return process.Finish(TrailingOutput);
    }

    public static CommandResult Succeed(CommandResult result)
    {
        Assert.True(result.Succeeded, result.ToString());
        return result;
    }

    public static string[] Words(string commandLine) => commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
