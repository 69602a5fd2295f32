namespace Chasqui.Siege.Soak;

/// <summary>How something of one daemon went.</summary>
/// <param name="What">Whose, and what.</param>
/// <param name="Unit">Of all values.</param>
/// <param name="First">The first value after the start.</param>
/// <param name="Greatest">The greatest.</param>
/// <param name="Last">The last.</param>
/// <param name="Trend">Whether it grew.</param>
internal sealed record SoakTrend(string What, string Unit, double First, double Greatest, double Last, Trend Trend);
