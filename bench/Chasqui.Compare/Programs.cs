using System.Text.RegularExpressions;

namespace Chasqui.Compare;

/// <summary>Programs of this machine: where they are and which version they have.</summary>
internal static partial class Programs
{
    /// <summary>Where a program is: on the path, or where the system's own programs are.</summary>
    /// <returns>Its full path, or null.</returns>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The kernel's version, without the suffix of whoever built it.</summary>
    public static string Kernel { get; } = File.ReadAllText("/proc/sys/kernel/osrelease").Trim().Split('-')[0];

    /// <summary>The first thing that looks like a version or its date in what a program says of itself.</summary>
    /// <param name="program">The program; it must be there.</param>
    /// <param name="question">The option that makes it say its version.</param>
    public static string Version(string program, string question = "--version")
    {
        using var running = RunningProgram.Start(program, question);
        try
        {
            running.WaitForOutput(TimeSpan.FromSeconds(5));
        }
        catch (LabException)
        {
            // Some say their version and end with an error.
        }

        Match match = VersionPattern().Match(running.Said);
        return match.Success ? match.Groups[1].Value : "of an unknown version";
    }

    [GeneratedRegex(@"(?<![\w.])v?(\d+\.\d[\w.+-]*|\d{8}\b)")]
    private static partial Regex VersionPattern();
}
