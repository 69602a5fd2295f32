using Chasqui.Core;
using Chasqui.Linux;

namespace Chasqui.Device;

/// <summary>The machine's clocks as the core wants them.</summary>
internal static class Clock
{
    /// <summary>Both clocks, read once a batch.</summary>
    internal static Moment Read() => new(new Instant(BootClock.Now()), BootClock.UnixNanoseconds());
}
