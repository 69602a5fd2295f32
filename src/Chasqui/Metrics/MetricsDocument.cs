using System.Buffers;

namespace Chasqui.Metrics;

/// <summary>The text that Prometheus, node_exporter and their like read.</summary>
public static class MetricsDocument
{
    /// <summary>Writes all metrics of some interfaces.</summary>
    /// <param name="interfaces">The interfaces, each with a name of its own.</param>
    /// <param name="format">The format.</param>
    /// <param name="output">Receives UTF-8. Some 200 bytes a sample, and at most some 40 samples a peer.</param>
    public static void Write(IReadOnlyList<InterfaceMetrics> interfaces, MetricsFormat format, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(interfaces);
        ArgumentNullException.ThrowIfNull(output);
        var text = new MetricsText(format, output);
        foreach (MetricFamily family in MetricFamilies.All)
        {
            text.Begin(family);
            foreach (InterfaceMetrics metrics in interfaces)
            {
                family.Write(metrics, text);
            }
        }

        text.End();
    }
}
