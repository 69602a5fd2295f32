using System.Buffers;
using System.Globalization;
using System.Text;

namespace Chasqui.Metrics;

/// <summary>Lines of metrics in one of the two formats.</summary>
internal sealed class MetricsText(MetricsFormat format, IBufferWriter<byte> output)
{
    private const string Prefix = "chasqui_";

    // A name is as long as whoever writes the file likes; a label is not.
    private const int MaxLabelLength = 128;

    private MetricFamily? _family;
    private string _name = "";

    /// <summary>One label, quoted and escaped; long values are cut.</summary>
    internal static string Label(string name, string value)
    {
        string cut = value.Length <= MaxLabelLength ? value : value[..MaxLabelLength] + "…";
        return $"{name}=\"{cut.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
    }

    /// <summary>Begins a metric: its samples follow. One without samples leaves no trace.</summary>
    internal void Begin(MetricFamily family) => _family = family;

    /// <summary>Writes one sample of the metric that was begun; null is left out.</summary>
    internal void Sample(string labels, decimal? value)
    {
        if (value is not { } number)
        {
            return;
        }

        if (_family is { } family)
        {
            WriteMetadata(family);
            _family = null;
        }

        Line(string.Create(CultureInfo.InvariantCulture, $"{_name}{{{labels}}} {number}\n"));
    }

    /// <summary>Ends the text.</summary>
    internal void End()
    {
        if (format == MetricsFormat.OpenMetrics)
        {
            Line("# EOF\n");
        }
    }

    private void WriteMetadata(MetricFamily family)
    {
        bool isOpen = format == MetricsFormat.OpenMetrics;
        _name = Prefix + family.Name + (family.Kind == MetricKind.Counter ? "_total" : "");
        string metadata = isOpen ? Prefix + family.Name : _name;
        Line($"# TYPE {metadata} {(family.Kind == MetricKind.Counter ? "counter" : "gauge")}\n");
        if (isOpen && family.Unit is not null)
        {
            Line($"# UNIT {metadata} {family.Unit}\n");
        }

        Line($"# HELP {metadata} {family.Help}\n");
    }

    private void Line(string line) => Encoding.UTF8.GetBytes(line, output);
}
