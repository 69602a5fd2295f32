using Chasqui.Core;
using Chasqui.Linux;

namespace Chasqui.Device;

/// <summary>The machine's clocks as the core wants them; read once a batch.</summary>
internal static class Clock
{
    /// <summary>The monotonic clock.</summary>
    internal static Instant Now() => new(BootClock.Now());

    /// <summary>Both clocks.</summary>
    internal static Moment Read() => new(Now(), BootClock.UnixNanoseconds());
}
