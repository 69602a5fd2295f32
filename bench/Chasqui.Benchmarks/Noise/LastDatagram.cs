using Chasqui.Core;
using Chasqui.Core.Wire;

namespace Chasqui.Benchmarks.Noise;

/// <summary>An outbox that keeps the last datagram, in an array that is always the same.</summary>
internal struct LastDatagram(byte[] buffer) : IOutbox
{
    internal int Length { get; private set; }

    internal readonly ReadOnlySpan<byte> Datagram => buffer.AsSpan(0, Length);

    public readonly Span<byte> Reserve(int lengthBytes) => buffer.AsSpan(0, lengthBytes);

    public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) => Length = lengthBytes;
}
