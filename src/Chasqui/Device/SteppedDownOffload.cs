using Chasqui.Core.Diagnostics;

namespace Chasqui.Device;

/// <summary>The numbers of <see cref="TunnelEventKind.OffloadSteppedDown"/>.</summary>
internal static class SteppedDownOffload
{
    internal const long Segmentation = 1;
    internal const long JoinedTcp = 2;
    internal const long JoinedUdp = 3;
}
