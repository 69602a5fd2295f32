using System.Globalization;

namespace Chasqui.Compare.Measures;

/// <summary>What the kernel says of a process. Source: proc(5).</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100; // USER_HZ: 100 on every architecture that .NET runs on

    /// <summary>Processor seconds that it has used, in user and kernel, all threads.</summary>
    public static double CpuSeconds(int pid) => ReadCpu(Read($"/proc/{pid}/stat"));

    /// <summary>Its greatest resident memory so far, in bytes.</summary>
    public static double PeakMemory(int pid) => ReadStatus(Read($"/proc/{pid}/status"), "VmHWM") * 1024;

    /// <summary>How often each of its threads has begun to run after another, by thread: of its own will or not.</summary>
    public static IReadOnlyDictionary<string, double> Switches(int pid)
    {
        var switches = new Dictionary<string, double>();
        foreach (string thread in Directory.GetDirectories($"/proc/{pid}/task"))
        {
            try
            {
                string status = File.ReadAllText($"{thread}/status");
                switches[thread] = ReadStatus(status, "voluntary_ctxt_switches") + ReadStatus(status, "nonvoluntary_ctxt_switches");
            }
            catch (IOException)
            {
                // The thread has ended since the folder was listed.
            }
        }

        return switches;
    }

    /// <summary>The 14th and 15th field of a stat file, as seconds. The second may hold blanks and brackets.</summary>
    public static double ReadCpu(string stat)
    {
        string[] behindName = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(behindName[11]) + Number(behindName[12])) / TicksPerSecond;
    }

    /// <summary>The number behind a word at the start of a line of a status file.</summary>
    public static double ReadStatus(string status, string word)
    {
        string line = status.Split('\n').FirstOrDefault(line => line.StartsWith($"{word}:", StringComparison.Ordinal))
            ?? throw new LabException($"a process's status has no {word}");
        return Number(line[(word.Length + 1)..].Trim().Split(' ')[0]);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            throw new LabException($"{path}: the daemon has ended");
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
