namespace Chasqui.Core;

/// <summary>One reading of both clocks: the monotonic one for timers, the wall clock for timestamps.</summary>
/// <param name="Now">Monotonic time, for every limit and timer.</param>
/// <param name="UnixNanoseconds">Wall time in nanoseconds since 1970-01-01 UTC, for TAI64N and "latest handshake".</param>
public readonly record struct Moment(Instant Now, long UnixNanoseconds);
