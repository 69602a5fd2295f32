using System.Net;
using System.Net.Sockets;

namespace Chasqui.System.Tests.Harness;

/// <summary>Sockets that live in the namespace and are used from the test.</summary>
internal sealed partial class NetworkNamespace
{
    private const int SocketTimeoutMilliseconds = 5000;

    /// <summary>A UDP socket bound to <paramref name="address"/>; port 0 lets the kernel choose.</summary>
    public Socket UdpSocket(string address, int port = 0) => Inside(() =>
        Bound(SocketType.Dgram, ProtocolType.Udp, new IPEndPoint(IPAddress.Parse(address), port)));

    /// <summary>A listening TCP socket.</summary>
    public Socket TcpListener(string address, int port = 0)
    {
        var socket = Inside(() => Bound(SocketType.Stream, ProtocolType.Tcp, new IPEndPoint(IPAddress.Parse(address), port)));
        socket.Listen(16);
        return socket;
    }

    /// <summary>A TCP socket that is not connected yet.</summary>
    public Socket TcpSocket(AddressFamily family) => Inside(() => Limited(new Socket(family, SocketType.Stream, ProtocolType.Tcp)));

    private static Socket Bound(SocketType type, ProtocolType protocol, IPEndPoint local)
    {
        var socket = Limited(new Socket(local.AddressFamily, type, protocol));
        socket.Bind(local);
        return socket;
    }

    private static Socket Limited(Socket socket)
    {
        socket.ReceiveTimeout = SocketTimeoutMilliseconds;
        socket.SendTimeout = SocketTimeoutMilliseconds;
        return socket;
    }
}
