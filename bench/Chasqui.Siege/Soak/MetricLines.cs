using System.Globalization;

namespace Chasqui.Siege.Soak;

/// <summary>Reads the text that a daemon serves to Prometheus.</summary>
internal static class MetricLines
{
    /// <summary>Sums each metric over its labels, and keeps the kinds of events apart: "chasqui_events_total handshake_completed".</summary>
    public static Dictionary<string, double> Sum(string text)
    {
        var sums = new Dictionary<string, double>();
        foreach (string line in text.Split('\n'))
        {
            int blank = line.LastIndexOf(' ');
            if (line.StartsWith('#') || blank < 0 || !line.StartsWith("chasqui_", StringComparison.Ordinal)) continue;
            if (!double.TryParse(line[(blank + 1)..].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)) continue;
            int labels = line.IndexOf('{', StringComparison.Ordinal);
            string name = line[..(labels < 0 ? blank : labels)];
            sums[name] = sums.GetValueOrDefault(name) + value;
            if (Label(line, "kind") is { } kind) sums[$"{name} {kind}"] = value;
        }

        return sums;
    }

    private static string? Label(string line, string name)
    {
        int begin = line.IndexOf($"{name}=\"", StringComparison.Ordinal);
        if (begin < 0) return null;
        begin += name.Length + 2;
        return line[begin..line.IndexOf('"', begin)];
    }
}
