namespace Chasqui.Compare.Measures;

/// <summary>What came of sending at a rate.</summary>
/// <param name="Sent">The rate at which the sender really sent, in the unit of the rate asked for.</param>
/// <param name="Goodput">The rate at which it arrived.</param>
/// <param name="Loss">The share that did not arrive, 0 to 1.</param>
internal readonly record struct RateProbe(double Sent, double Goodput, double Loss);
