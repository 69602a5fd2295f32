using System.Globalization;

namespace Chasqui.Compare.Report;

/// <summary>What the figures were measured on. No names: nothing here tells whose machine it was.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="Cores">As many as programs may use.</param>
/// <param name="Memory">In GB.</param>
/// <param name="Kernel">Linux's version, without the build's own suffix.</param>
/// <param name="System">The distribution.</param>
/// <param name="Tools">The measuring programs with their versions.</param>
internal sealed record Machine(string Processor, int Cores, double Memory, string Kernel, string System, string Tools)
{
    /// <summary>Looks.</summary>
    public static Machine Read() => new(
        Field("/proc/cpuinfo", "model name", ':') ?? global::System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(double.Parse(Field("/proc/meminfo", "MemTotal", ':')!.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e9, 1),
        Programs.Kernel,
        Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "Linux",
        $"iperf3 {Programs.Version("iperf3")}, ping of iputils {Programs.Version("ping", "-V")}");

    private static string? Field(string path, string name, char separator) =>
        File.ReadLines(path).Select(line => line.Split(separator, 2))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == name)?[1].Trim();
}
