using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Linux.Udp;

namespace Chasqui.HubBench;

/// <summary>What a peer has to say goes out of its socket, to the hub.</summary>
internal readonly struct SocketOutbox(UdpSocket socket, byte[] buffer) : IOutbox
{
    public Span<byte> Reserve(int lengthBytes) => buffer.AsSpan(0, lengthBytes);

    public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) =>
        socket.Send(buffer.AsSpan(0, lengthBytes), 0, UdpAddress.V4(Addresses.HubOuter, Addresses.Port), default, 0);
}
