using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Sending datagrams of one length to the peer, or to a device that drops them.</summary>
internal sealed unsafe class SendGroup : IDisposable
{
    private const ushort Port = 5001;
    private const int Messages = 64;

    private readonly Lab _lab;
    private readonly Slab _names = new(4096);
    private readonly int _socket;
    private readonly int _connected;
    private readonly int _withoutCopy;
    private int _peerSocket;
    private ReceiveWay? _drain;
    private volatile bool _isDraining;
    private int _drained;

    /// <summary>Made on the measured thread.</summary>
    internal SendGroup(Lab lab)
    {
        _lab = lab;
        _socket = Lab.OpenSocket(0, coalesces: false);
        _connected = Lab.OpenSocket(0, coalesces: false);
        _withoutCopy = Lab.OpenSocket(0, coalesces: false);
        SetOption(_withoutCopy, SOL_SOCKET, SO_ZEROCOPY, 1);
        lab.Peer.Do(() => _peerSocket = Lab.OpenSocket(Port, coalesces: true));
    }

    private sockaddr_in* Remote => (sockaddr_in*)_names.Pointer;

    /// <param name="title">Of the table.</param>
    /// <param name="rounds">How often each way is measured.</param>
    /// <param name="bytes">Length of a datagram.</param>
    /// <param name="remote">Where to; <see cref="Lab.Nowhere"/> for the device that drops.</param>
    /// <param name="drainsMeanwhile">Whether the peer receives while the measured thread sends, and not after it.</param>
    internal void Run(string title, int rounds, int bytes, uint remote, bool drainsMeanwhile)
    {
        *Remote = Lab.Address(remote, Port);
        Check(connect(_connected, Remote, (uint)sizeof(sockaddr_in)), "connect");
        bool arrives = remote == Lab.There;
        using var drain = new ReceiveWay("drain", _peerSocket, 64, bytes);
        _drain = drain;
        var contest = new Contest(title, rounds, _lab.Peer.ThreadId)
        {
            Before = drainsMeanwhile ? BeginDrain : () => { },
            After = !arrives ? done => done : drainsMeanwhile ? _ => EndDrain() : Drain,
        };
        int most = Math.Min(64, 65507 / bytes) & ~3;
        AddPlain(contest, bytes, most);
        AddRings(contest, bytes, most);
        contest.Run(most * 32);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = close(_socket);
        _ = close(_connected);
        _ = close(_withoutCopy);
        _ = close(_peerSocket);
        _names.Dispose();
    }

    private void AddPlain(Contest contest, int bytes, int most)
    {
        contest.Add("sendmsg", name => new SendWay(name, _socket, Of(Messages, bytes, 1), 1));
        contest.Add("sendmsg, without IP_PKTINFO", name => new SendWay(name, _socket, new Messages(Messages, new(bytes, 1, false, false), Remote), 1));
        contest.Add("sendmsg, connected", name => new SendWay(name, _connected, new Messages(Messages, new(bytes, 1, false, false), null), 1));
        contest.Add("sendmmsg of 8", name => new SendWay(name, _socket, Of(Messages, bytes, 1), 8));
        contest.Add("sendmmsg of 64", name => new SendWay(name, _socket, Of(Messages, bytes, 1), 64));
        contest.Add("sendmsg, GSO of 2", name => new SendWay(name, _socket, Of(16, bytes, 2), 1));
        contest.Add("sendmsg, GSO of 8", name => new SendWay(name, _socket, Of(8, bytes, 8), 1));
        contest.Add("sendmmsg of 8, GSO of 8", name => new SendWay(name, _socket, Of(8, bytes, 8), 8));
        contest.Add($"sendmsg, GSO of {most}", name => new SendWay(name, _socket, Of(4, bytes, most), 1));
        contest.Add($"sendmsg, GSO of {most}, gathered", name => new SendWay(name, _socket, Of(4, bytes, most, isGathered: true), 1));
        contest.Add($"sendmsg, GSO of {most}, copied together", name => new CopySendWay(name, _socket, Of(4, bytes, most, isGathered: true), Of(4, bytes, most)));
        contest.Add($"sendmmsg of 4, GSO of {most}", name => new SendWay(name, _socket, Of(4, bytes, most), 4));
        contest.Add($"sendmsg, GSO of {most}, connected", name => new SendWay(name, _connected, new Messages(4, new(bytes, most, false, false), null), 1));
        contest.Add($"sendmsg, GSO of {most}, MSG_ZEROCOPY", name => new SendWay(name, _withoutCopy, Of(4, bytes, most), 1, MSG_ZEROCOPY));
    }

    private void AddRings(Contest contest, int bytes, int most)
    {
        contest.Add("io_uring, 64 SENDMSG", name => new RingSendWay(name, _socket, Of(Messages, bytes, 1), IORING_OP_SENDMSG, isFixed: false));
        contest.Add("io_uring, 64 SENDMSG, fixed file", name => new RingSendWay(name, _socket, Of(Messages, bytes, 1), IORING_OP_SENDMSG, isFixed: true));
        contest.Add("io_uring, 64 SENDMSG_ZC, fixed file", name => new RingSendWay(name, _socket, Of(Messages, bytes, 1), IORING_OP_SENDMSG_ZC, isFixed: true));
        contest.Add("io_uring, 64 SENDMSG, SQPOLL on core 1", name => new RingSendWay(name, _socket, Of(Messages, bytes, 1), IORING_OP_SENDMSG, isFixed: true, 1));
        contest.Add("io_uring, 8 SENDMSG, GSO of 8", name => new RingSendWay(name, _socket, Of(8, bytes, 8), IORING_OP_SENDMSG, isFixed: true));
        contest.Add($"io_uring, 4 SENDMSG, GSO of {most}", name => new RingSendWay(name, _socket, Of(4, bytes, most), IORING_OP_SENDMSG, isFixed: true));
        contest.Add($"io_uring, 4 SENDMSG_ZC, GSO of {most}", name => new RingSendWay(name, _socket, Of(4, bytes, most), IORING_OP_SENDMSG_ZC, isFixed: true));
    }

    private Messages Of(int messages, int bytes, int datagrams, bool isGathered = false) =>
        new(messages, new MessageShape(bytes, datagrams, isGathered, NamesSource: true), Remote);

    private int Drain(int sent)
    {
        int arrived = 0;
        _lab.Peer.Do(() => arrived = _drain!.Run(sent));
        return arrived;
    }

    private void BeginDrain()
    {
        _isDraining = true;
        _lab.Peer.Begin(() =>
        {
            _drained = 0;
            pollfd ready = new() { fd = _peerSocket, events = POLLIN };
            while (_isDraining)
            {
                _ = poll(&ready, 1, 1);
                _drained += _drain!.Run(0);
            }

            _drained += _drain!.Run(0);
        });
    }

    private int EndDrain()
    {
        _isDraining = false;
        _lab.Peer.Join();
        return _drained;
    }
}
