using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Chasqui.Compare.Inside;

/// <summary>
/// Counts what arrives, as programs do that receive much: many datagrams in one system call (UDP_GRO). Answers a question with the count.
/// </summary>
/// <remarks>Each run of the source comes from another port; what is left of an earlier one is not counted.</remarks>
internal static class UdpSink
{
    /// <summary>What the sink says when it listens.</summary>
    public const string Ready = "listening";

    /// <summary>Counts until it is ended.</summary>
    public static int Run(UdpWork work)
    {
        using Socket socket = Open(work.Server);
        Console.WriteLine(Ready);
        Count(socket, work.Payload);
        return 0;
    }

    /// <summary>A socket to count at.</summary>
    public static Socket Open(IPEndPoint server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = UdpWork.SocketBuffer };
        socket.SetRawSocketOption(UdpWork.SOL_UDP, UdpWork.UDP_GRO, BitConverter.GetBytes(1));
        socket.Bind(server);
        return socket;
    }

    /// <summary>Counts until the socket is closed.</summary>
    public static void Count(Socket socket, int payload)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        Span<byte> answer = stackalloc byte[sizeof(long)];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        int counted = -1, dismissed = -1;
        long count = 0;
        while (true)
        {
            int length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
            int port = BinaryPrimitives.ReadUInt16BigEndian(from.Buffer.Span[2..]); // sockaddr_in: family, port
            if (port != counted && port != dismissed)
            {
                (dismissed, counted, count) = (counted, port, 0);
            }

            if (port != counted) continue;
            if (length == UdpWork.QuestionLength)
            {
                BinaryPrimitives.WriteInt64LittleEndian(answer, count);
                socket.SendTo(answer, SocketFlags.None, from);
            }
            else
            {
                count += length / payload;
            }
        }
    }
}
