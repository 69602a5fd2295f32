using System.Globalization;

namespace Chasqui.Explain;

/// <summary>What /proc says of the calling thread's network namespace. What cannot be read is null.</summary>
internal static class ProcNet
{
    private const string Folder = "/proc/thread-self/net/";

    /// <summary>A setting of the kernel: <c>ipv4/ip_forward</c>.</summary>
    internal static int? Setting(string path) => Read($"/proc/sys/net/{path}") is { } text
        && int.TryParse(text.Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : null;

    /// <summary>A counter of the IPv4 protocol, such as <c>ForwDatagrams</c>.</summary>
    internal static long Counter(string name)
    {
        // Two lines begin with "Ip:": names, and then their values.
        string[][] lines = [.. (Read(Folder + "snmp") ?? "").Split('\n')
            .Where(static line => line.StartsWith("Ip: ", StringComparison.Ordinal)).Select(static line => line.Split(' '))];
        int at = lines.Length == 2 ? Array.IndexOf(lines[0], name) : -1;
        return at > 0 && at < lines[1].Length && long.TryParse(lines[1][at], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }

    /// <summary>Whether a UDP port is open in the namespace, in either family.</summary>
    internal static bool HasUdpPort(ushort port)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return ((Read(Folder + "udp") ?? "") + (Read(Folder + "udp6") ?? "")).Split('\n')
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words.Length > 1 && words[1].EndsWith(wanted, StringComparison.Ordinal));
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
