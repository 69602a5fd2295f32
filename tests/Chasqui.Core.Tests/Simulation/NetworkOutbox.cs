using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>Puts what a host's tunnel sends on the simulated wire.</summary>
internal readonly struct NetworkOutbox(SimulatedNetwork network, SimulatedHost host) : IOutbox
{
    public Span<byte> Reserve(int lengthBytes)
    {
        Span<byte> room = host.SendBuffer.AsSpan(0, lengthBytes);
        room.Fill(0xA5); // whoever does not fill his room is found out
        return room;
    }

    public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass)
    {
        byte[] datagram = host.SendBuffer[..lengthBytes];
        host.CheckAddressee(peer, datagram);
        network.Send(host, endpoint, datagram, trafficClass);
    }
}
