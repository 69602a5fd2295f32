namespace Chasqui.Metrics;

/// <summary>How a metric moves.</summary>
internal enum MetricKind
{
    /// <summary>Up and down.</summary>
    Gauge,

    /// <summary>Only up, from 0 when the interface or peer began.</summary>
    Counter,
}
