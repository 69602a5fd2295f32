using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Keeps every frame.</summary>
internal readonly struct RecordingSink() : IPacketSink
{
    internal List<byte[]> Frames { get; } = [];

    public void Write(ReadOnlySpan<byte> frame) => Frames.Add(frame.ToArray());
}
