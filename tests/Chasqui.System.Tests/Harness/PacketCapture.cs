using System.Net;
using System.Net.Sockets;

namespace Chasqui.System.Tests.Harness;

/// <summary>Watches the UDP packets of a port in a namespace from the moment it is made: what tcpdump does, without the start-up race.</summary>
internal sealed class PacketCapture : IDisposable
{
    // linux/if_ether.h, linux/if_packet.h
    private const short AllProtocols = 3;
    private const int PacketTypeOffset = 10;
    private const byte PacketOutgoing = 4;

    private const int LookMicroseconds = 20_000;
    private static readonly int AddressBytes = SocketAddress.GetMaximumAddressSize(AddressFamily.Packet);

    private readonly Socket _socket;
    private readonly Thread _reader;
    private readonly int _port;
    private readonly List<OuterPacket> _packets = [];
    private volatile bool _disposed;

    private PacketCapture(Socket socket, int port)
    {
        _socket = socket;
        _port = port;
        _reader = new Thread(Collect) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Starts to watch every link of the namespace for UDP packets from or to <paramref name="port"/>.</summary>
    public static PacketCapture Start(NetworkNamespace network, int port) => new(
        network.Inside(() => new Socket(
            AddressFamily.Packet, SocketType.Dgram, (ProtocolType)(ushort)IPAddress.HostToNetworkOrder(AllProtocols))),
        port);

    /// <summary>What was seen so far.</summary>
    public OuterPacket[] Packets
    {
        get
        {
            lock (_packets)
            {
                return [.. _packets];
            }
        }
    }

    /// <summary>Waits for a packet that answers the description.</summary>
    public OuterPacket WaitFor(Func<OuterPacket, bool> description, string what) => WaitFor(description, what, Poll.DefaultTimeout);

    public OuterPacket WaitFor(Func<OuterPacket, bool> description, string what, TimeSpan timeout)
    {
        OuterPacket? found = null;
        Poll.Until(() => (found = Packets.FirstOrDefault(description)) is not null, $"no {what} among {Packets.Length} packets", timeout);
        return found!;
    }

    public void Clear()
    {
        lock (_packets)
        {
            _packets.Clear();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _reader.Join();
        _socket.Dispose();
    }

    private void Collect()
    {
        var buffer = new byte[70000];
        var link = new SocketAddress(AddressFamily.Packet, AddressBytes);
        while (!_disposed)
        {
            if (_socket.Poll(LookMicroseconds, SelectMode.SelectRead))
            {
                link.Size = AddressBytes;
                var length = _socket.ReceiveFrom(buffer, SocketFlags.None, link);
                Add(OuterPacket.Parse(buffer.AsSpan(0, length), link[PacketTypeOffset] == PacketOutgoing));
            }
        }
    }

    private void Add(OuterPacket? packet)
    {
        if (packet is not null && (packet.SourcePort == _port || packet.DestinationPort == _port))
        {
            lock (_packets)
            {
                _packets.Add(packet);
            }
        }
    }
}
