using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>Writes frames to the interface. What the interface does not take (it is going down) is lost, as on any link.</summary>
internal readonly struct TunSink(TunDevice tun) : IPacketSink
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> frame) => tun.Write(frame);
}
