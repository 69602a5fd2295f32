using System.Globalization;
using Chasqui.Compare;
using Chasqui.Compare.Measures;

namespace Chasqui.Siege.Soak;

/// <summary>What a daemon held at one moment. Source: proc(5).</summary>
/// <param name="Seconds">Since the soak began.</param>
/// <param name="Rss">Resident memory, bytes.</param>
/// <param name="Descriptors">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Cpu">Processor seconds so far.</param>
internal sealed record Sample(double Seconds, double Rss, int Descriptors, int Threads, double Cpu)
{
    /// <summary>Looks.</summary>
    /// <exception cref="LabException">The process has ended.</exception>
    public static Sample Take(int pid, double seconds)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{pid}/status");
            return new Sample(
                Math.Round(seconds, 1),
                ProcessFigures.ReadStatus(status, "VmRSS") * 1024,
                Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length,
                (int)ProcessFigures.ReadStatus(status, "Threads"),
                ProcessFigures.CpuSeconds(pid));
        }
        catch (IOException)
        {
            throw new LabException(string.Create(CultureInfo.InvariantCulture, $"a daemon has ended after {seconds:F0} s"));
        }
    }
}
