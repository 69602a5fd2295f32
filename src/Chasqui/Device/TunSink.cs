using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>What a <see cref="PacketJoiner"/> gives out goes to the interface.</summary>
internal readonly struct TunSink(TunWriter writer) : IPacketSink
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> frame) => writer.Write(frame);
}
