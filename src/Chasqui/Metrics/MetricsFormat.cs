namespace Chasqui.Metrics;

/// <summary>Which of the two texts that Prometheus reads.</summary>
public enum MetricsFormat
{
    /// <summary>OpenMetrics 1.0. Source: prometheus.io/docs/specs/om/open_metrics_spec.</summary>
    OpenMetrics,

    /// <summary>The older text, version 0.0.4, which node_exporter's textfile collector takes. Source: prometheus.io/docs/instrumenting/exposition_formats.</summary>
    Prometheus,
}
