using Chasqui.Linux.Tun;

namespace Chasqui.Fuzz.Targets;

/// <summary>Keeps every frame that a joiner gives.</summary>
internal readonly struct FrameSink() : IPacketSink
{
    internal List<byte[]> Frames { get; } = [];

    public void Write(ReadOnlySpan<byte> frame) => Frames.Add(frame.ToArray());
}
