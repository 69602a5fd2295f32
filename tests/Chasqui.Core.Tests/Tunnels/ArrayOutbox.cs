using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>Keeps the last datagram in an array that is always the same.</summary>
internal struct ArrayOutbox(byte[] buffer) : IOutbox
{
    internal int Length { get; private set; }

    internal int Count { get; private set; }

    internal readonly Span<byte> Datagram => buffer.AsSpan(0, Length);

    public readonly Span<byte> Reserve(int lengthBytes) => buffer.AsSpan(0, lengthBytes);

    public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass)
    {
        Length = lengthBytes;
        Count++;
    }
}
