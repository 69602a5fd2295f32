using System.Net;
using System.Net.Sockets;

namespace Chasqui.Siege.Flood;

/// <summary>Empty datagrams, datagrams of 64 KiB in 45 fragments, and segments of lengths that end in the middle of every header.</summary>
internal sealed class OddGun : IGun
{
    private const int SOL_UDP = 17, UDP_SEGMENT = 103; // linux/udp.h
    private const int Segments = 60;
    private const int Oversized = 65507;
    private const int OversizedEvery = 16; // rounds of segments

    private static readonly int[] Lengths = [1, 3, 4, 15, 16, 17, 31, 32, 33, 48, 91, 92, 147, 148, 149, 160];

    private readonly Socket _plain = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _joined = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _bytes = new byte[ushort.MaxValue];
    private readonly IPAddress _target;
    private int _round, _port;

    /// <summary>Opens the sockets.</summary>
    public OddGun(FloodWork work)
    {
        new Random(1).NextBytes(_bytes);
        _target = work.Target.Address;
        _plain.SendBufferSize = _joined.SendBufferSize = 4 << 20;
    }

    /// <inheritdoc/>
    public int Send(int count, int port)
    {
        Aim(port);
        int sent = 0;
        for (; sent < count; _round++)
        {
            int length = Lengths[_round % Lengths.Length];
            _bytes[0] = (byte)((_round / Lengths.Length % 4) + 1); // each of the four types in turn, with a header or less
            _bytes.AsSpan(1, 3).Clear();
            for (int i = 1; i < Segments; i++) _bytes.AsSpan(0, Math.Min(4, length)).CopyTo(_bytes.AsSpan(i * length));
            _joined.SetRawSocketOption(SOL_UDP, UDP_SEGMENT, BitConverter.GetBytes(length));
            sent += Send(_joined, (Segments * length) - (length / 2), Segments);
            sent += Send(_plain, 0, 1);
            if (_round % OversizedEvery == 0) sent += Send(_plain, Oversized, 1);
        }

        return sent;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plain.Dispose();
        _joined.Dispose();
    }

    private void Aim(int port)
    {
        if (port == _port) return;
        _port = port;
        _plain.Connect(_target, port);
        _joined.Connect(_target, port);
    }

    /// <summary>Errors, as of an earlier datagram that nobody took, are the target's way of saying nothing.</summary>
    private int Send(Socket socket, int length, int datagrams)
    {
        socket.Send(_bytes.AsSpan(0, length), SocketFlags.None, out _);
        return datagrams;
    }
}
