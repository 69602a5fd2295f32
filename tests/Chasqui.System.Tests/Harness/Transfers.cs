using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Chasqui.System.Tests.Harness;

/// <summary>Moves known bytes between two namespaces and checks every one on arrival.</summary>
internal static class Transfers
{
    private const int ChunkBytes = 65536;
    private const int WindowDatagrams = 16;
    private const int DatagramBytes = 1200;

    /// <summary>Sends <paramref name="bytes"/> pseudo-random bytes over TCP to <paramref name="address"/>.</summary>
    public static void Tcp(NetworkNamespace from, NetworkNamespace to, string address, int bytes)
    {
        using var listener = to.TcpListener(address);
        using var sender = from.TcpSocket(listener.AddressFamily);
        var content = Content(bytes, seed: bytes);
        var received = Task.Run(() => ReceiveAll(listener, bytes));
        sender.Connect(listener.LocalEndPoint!);
        for (ReadOnlySpan<byte> rest = content; !rest.IsEmpty;)
        {
            rest = rest[sender.Send(rest[..Math.Min(rest.Length, ChunkBytes)])..];
        }

        sender.Shutdown(SocketShutdown.Send);
        Assert.True(received.Wait(TimeSpan.FromSeconds(20)), $"TCP to {address} did not end");
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(received.Result));
    }

    /// <summary>Sends numbered datagrams, a few at a time, and asks every one of them back in content.</summary>
    public static void Udp(NetworkNamespace from, NetworkNamespace to, string address, int count)
    {
        using var receiver = to.UdpSocket(address);
        using var sender = from.UdpSocket(receiver.AddressFamily == AddressFamily.InterNetwork ? "0.0.0.0" : "::");
        var target = receiver.LocalEndPoint!;
        var buffer = new byte[2048];
        for (var next = 0; next < count; next += WindowDatagrams)
        {
            var window = Math.Min(WindowDatagrams, count - next);
            for (var i = 0; i < window; i++)
            {
                sender.SendTo(Datagram(next + i), target);
            }

            var seen = new HashSet<int>();
            while (seen.Count < window)
            {
                var length = receiver.Receive(buffer);
                var number = BinaryPrimitives.ReadInt32LittleEndian(buffer);
                Assert.Equal(Datagram(number), buffer[..length]);
                Assert.True(seen.Add(number), $"datagram {number} came twice");
            }
        }
    }

    /// <summary>Sends one datagram from a bound address.</summary>
    public static void SendOne(NetworkNamespace from, string source, EndPoint target, byte[] content)
    {
        using var socket = from.UdpSocket(source);
        socket.SendTo(content, target);
    }

    private static byte[] ReceiveAll(Socket listener, int bytes)
    {
        using var connection = listener.Accept();
        connection.ReceiveTimeout = 10000;
        var content = new byte[bytes];
        var filled = 0;
        for (int read; (read = connection.Receive(content.AsSpan(filled))) > 0;)
        {
            filled += read;
        }

        return content[..filled];
    }

    private static byte[] Datagram(int number)
    {
        var content = Content(DatagramBytes - number % 64, number);
        BinaryPrimitives.WriteInt32LittleEndian(content, number);
        return content;
    }

    private static byte[] Content(int bytes, int seed)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        return content;
    }
}
