using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>What <c>/proc</c> says about a process.</summary>
internal static class ProcessTable
{
    /// <summary>The processes that inherited this environment entry (<c>NAME=value</c>).</summary>
    public static int[] WithEnvironment(string entry)
    {
        var found = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId && Holds(folder, entry))
            {
                found.Add(id);
            }
        }

        return [.. found];
    }

    /// <summary>Whether the process is there and not a zombie.</summary>
    public static bool IsRunning(int id) => TryStatus(id, "State") is { } state && state[0] is not ('Z' or 'X');

    /// <summary>A size line of <c>/proc/id/status</c> in bytes: VmRSS, VmHWM.</summary>
    public static long Memory(int id, string line) =>
        long.Parse((TryStatus(id, line) ?? throw new InvalidOperationException($"{line} of process {id}")).Split(' ')[0]) * 1024;

    /// <summary>
    /// How often each thread of the process has been scheduled out, by choice or not: it grows with every wake-up. Keys are thread id and name.
    /// </summary>
    public static Dictionary<string, long> ContextSwitches(int id)
    {
        var switches = new Dictionary<string, long>();
        foreach (var task in Directory.GetDirectories($"/proc/{id}/task"))
        {
            var status = ReadStatus(task);
            var name = status.FirstOrDefault()?.Split(':')[1].Trim();
            switches[$"{Path.GetFileName(task)} {name}"] = status
                .Where(line => line.Contains("ctxt_switches:", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.Split(':')[1]));
        }

        return switches;
    }

    /// <summary>Whether a tracer is attached to every thread of the process.</summary>
    public static bool IsTraced(int id) => Directory.GetDirectories($"/proc/{id}/task")
        .All(task => ReadStatus(task).Any(line => line.StartsWith("TracerPid:", StringComparison.Ordinal) && !line.EndsWith("\t0", StringComparison.Ordinal)));

    private static string[] ReadStatus(string folder)
    {
        try
        {
            return File.ReadAllLines($"{folder}/status");
        }
        catch (IOException)
        {
            // It has ended between the listing and the reading.
            return [];
        }
    }

    private static bool Holds(string folder, string entry)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/environ")).Split('\0').Contains(entry);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? TryStatus(int id, string name) =>
        ReadStatus($"/proc/{id}").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?.Split(':')[1].Trim();
}
