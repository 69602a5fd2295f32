namespace Chasqui.Core;

/// <summary>Packets to one peer that wait for a session: 128 at most, the oldest dropped for the newest.</summary>
/// <remarks>Holds copies. An empty packet stands for a keepalive. Guarded by the peer's gate.</remarks>
internal sealed class StagedPackets
{
    private readonly Queue<byte[]> _packets = new();

    /// <summary>How many packets wait.</summary>
    internal int Count => _packets.Count;

    /// <summary>Adds a copy of <paramref name="packet"/>.</summary>
    /// <returns>Whether the oldest packet had to go for it.</returns>
    internal bool Add(ReadOnlySpan<byte> packet)
    {
        bool isFull = _packets.Count >= ProtocolConstants.MaxStagedPackets;
        if (isFull)
        {
            _packets.Dequeue();
        }

        _packets.Enqueue(packet.ToArray());
        return isFull;
    }

    /// <summary>Takes the oldest packet.</summary>
    internal byte[] Take() => _packets.Dequeue();
}
