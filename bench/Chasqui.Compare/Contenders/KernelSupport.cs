namespace Chasqui.Compare.Contenders;

/// <summary>Asks the kernel whether it can do something, by doing it in a network namespace that ends with the command.</summary>
internal static class KernelSupport
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Tries a command of ip(8).</summary>
    /// <returns>Null if it worked; otherwise what ip or the kernel said, in one line.</returns>
    public static string? Refusal(params IEnumerable<string> words)
    {
        RunningProgram? running = null;
        try
        {
            running = RunningProgram.Start("unshare", ["--net", "ip", .. words]);
            running.WaitForOutput(Limit);
            return null;
        }
        catch (LabException failure)
        {
            return FirstLine(running is null or { Said: "" } ? failure.Message : running.Said);
        }
        finally
        {
            running?.Dispose();
        }
    }

    /// <summary>The first line of what ip(8) said, as a part of a sentence.</summary>
    internal static string FirstLine(string said)
    {
        string line = said.Split('\n')[0].TrimEnd('.', ' ');
        return line.StartsWith("Error: ", StringComparison.Ordinal) ? line["Error: ".Length..] : line;
    }
}
