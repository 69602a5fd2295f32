using Chasqui.Linux.Tun;

namespace Chasqui.Benchmarks.Tun;

/// <summary>Takes frames and keeps their number of bytes alone.</summary>
internal struct CountingSink : IPacketSink
{
    internal long Bytes;

    public void Write(ReadOnlySpan<byte> frame) => Bytes += frame.Length;
}
