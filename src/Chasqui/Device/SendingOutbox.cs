using Chasqui.Core;
using Chasqui.Core.Wire;

namespace Chasqui.Device;

/// <summary>An outbox that sends each datagram at once: for handshakes, keepalives and what waited for a session.</summary>
internal readonly struct SendingOutbox : IOutbox
{
    private readonly DatagramSockets _sockets;
    private readonly byte[] _buffer;

    /// <summary>An outbox with a buffer of its own; each thread has one.</summary>
    internal SendingOutbox(DatagramSockets sockets)
    {
        _sockets = sockets;
        _buffer = GC.AllocateUninitializedArray<byte>(Tunnel.MaxDatagramLength, pinned: true);
    }

    /// <inheritdoc/>
    public Span<byte> Reserve(int lengthBytes) => _buffer.AsSpan(0, lengthBytes);

    /// <inheritdoc/>
    public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) =>
        _sockets.Send(peer, endpoint, _buffer.AsSpan(0, lengthBytes), lengthBytes, trafficClass);
}
