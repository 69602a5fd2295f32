namespace Chasqui.Metrics;

/// <summary>One metric: a row of the tables in <see cref="MetricFamilies"/>.</summary>
/// <param name="Name">Its name, without <c>chasqui_</c> in front and <c>_total</c> behind; with the unit if it has one.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Unit">Seconds or bytes, or null for a number of things.</param>
/// <param name="Help">What it says, in one sentence.</param>
/// <param name="Write">Writes the samples of one interface.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string? Unit, string Help, Action<InterfaceMetrics, MetricsText> Write);
