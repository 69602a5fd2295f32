using Chasqui.Core.Diagnostics;

namespace Chasqui.Control;

/// <summary>An event that a daemon has told.</summary>
/// <param name="Number">Which one of the daemon's stream; the first was 0.</param>
/// <param name="UnixNanoseconds">When it was in wall time: nanoseconds since 1970.</param>
/// <param name="Lost">How many before it were overwritten before they could be read.</param>
/// <param name="Event">The event.</param>
public readonly record struct FollowedEvent(long Number, long UnixNanoseconds, long Lost, TunnelEvent Event);
