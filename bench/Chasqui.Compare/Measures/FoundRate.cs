namespace Chasqui.Compare.Measures;

/// <summary>The outcome of a <see cref="RateSearch"/>.</summary>
/// <param name="Goodput">The greatest goodput of a probe that passed; 0 if none did.</param>
/// <param name="Rate">The rate at which was sent in that probe: where the next search had better begin.</param>
/// <param name="Step">How far above that rate the lowest one lies that failed, as a share of it: 0.05 is 5 %. Infinite if none failed.</param>
/// <param name="IsSenderLimited">
/// Whether nothing failed, since the sender could not send faster or the probes were used up: the path may do more.
/// </param>
internal readonly record struct FoundRate(double Goodput, double Rate, double Step, bool IsSenderLimited);
