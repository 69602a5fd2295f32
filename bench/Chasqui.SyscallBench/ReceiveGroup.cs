using System.Globalization;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Receiving what the peer put into the socket's buffer just before.</summary>
internal sealed unsafe class ReceiveGroup : IDisposable
{
    private const ushort Port = 5002;
    private const int Datagrams = 2048;

    /// <summary>More datagrams than any buffer that is tried holds, each a message.</summary>
    private const int Flood = 60_000;

    private readonly Lab _lab;
    private readonly Slab _names = new(4096);
    private readonly int _socket;
    private readonly int _peerSocket;

    /// <summary>Made on the measured thread.</summary>
    internal ReceiveGroup(Lab lab)
    {
        _lab = lab;
        _socket = Lab.OpenSocket(Port, coalesces: true);
        int peerSocket = 0;
        lab.Peer.Do(() => peerSocket = Lab.OpenSocket(0, coalesces: false));
        _peerSocket = peerSocket;
        *Remote = Lab.Address(Lab.Here, Port);
    }

    private sockaddr_in* Remote => (sockaddr_in*)_names.Pointer;

    /// <param name="title">Of the table.</param>
    /// <param name="rounds">How often each way is measured.</param>
    /// <param name="bytes">Length of a datagram.</param>
    /// <param name="together">How many datagrams the peer hands over in one message.</param>
    /// <param name="coalesces">Whether the receiver has asked for UDP_GRO.</param>
    internal void Run(string title, int rounds, int bytes, int together, bool coalesces)
    {
        int count = together * (Datagrams / together);
        SetOption(_socket, SOL_UDP, UDP_GRO, coalesces ? 1 : 0);
        var messages = new Messages(count / together, new MessageShape(bytes, together, false, false), Remote);
        using var fill = new SendWay("fill", _peerSocket, messages, 1);
        var contest = new Contest(title, rounds, _lab.Peer.ThreadId) { Before = () => _lab.Peer.Do(() => fill.Run(count)) };
        contest.Add("recvmsg", name => new ReceiveWay(name, _socket, 1, bytes));
        contest.Add("recvmmsg of 8", name => new ReceiveWay(name, _socket, 8, bytes));
        contest.Add("recvmmsg of 16", name => new ReceiveWay(name, _socket, 16, bytes));
        contest.Add("recvmmsg of 64", name => new ReceiveWay(name, _socket, 64, bytes));
        contest.Add("io_uring, multishot, 8 buffers", name => new RingReceiveWay(name, _socket, 8, bytes));
        contest.Add("io_uring, multishot, 64 buffers", name => new RingReceiveWay(name, _socket, 64, bytes));
        contest.Run(count);
    }

    /// <summary>How many datagrams a receive buffer holds while nobody takes them.</summary>
    /// <param name="bytes">Length of a datagram.</param>
    /// <param name="together">How many datagrams the peer hands over in one message.</param>
    internal void Capacity(int bytes, int together)
    {
        using var fill = new SendWay("fill", _peerSocket, new Messages(8, new MessageShape(bytes, together, false, false), Remote), 1);
        using var drain = new ReceiveWay("drain", _socket, 8, bytes);
        Console.WriteLine($"\n### Datagrams of {bytes} bytes, {together} a message, that wait in a receive buffer\n\n| SO_RCVBUF, bytes | datagrams | ms at 10 Gbit/s |\n|---|---|---|");
        foreach (int buffer in new[] { 212_992 / 2, 1 << 20, 4 << 20, 7 << 20, 16 << 20 })
        {
            SetOption(_socket, SOL_SOCKET, SO_RCVBUFFORCE, buffer);
            SetOption(_socket, SOL_UDP, UDP_GRO, 1);
            _lab.Peer.Do(() => fill.Run(together * (Flood / together)));
            int held = drain.Run(0);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {buffer} | {held} | {held * bytes * 8e-7:F1} |"));
        }

        SetOption(_socket, SOL_SOCKET, SO_RCVBUFFORCE, Lab.BufferBytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = close(_socket);
        _ = close(_peerSocket);
        _names.Dispose();
    }
}
