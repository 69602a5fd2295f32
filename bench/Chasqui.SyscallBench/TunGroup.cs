using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Reading frames that wait in a TUN device, and writing frames that the kernel forwards to a device that drops them.</summary>
internal sealed unsafe class TunGroup : IDisposable
{
    private const ushort Port = 5003;

    private readonly Lab _lab;
    private readonly Slab _names = new(4096);
    private readonly int _tun;
    private readonly int _source;

    /// <summary>Made on the measured thread.</summary>
    internal TunGroup(Lab lab)
    {
        _lab = lab;
        _tun = Lab.OpenTun("sbtun", "10.9.3.1/24", 0);
        _source = Lab.OpenSocket(0, coalesces: false);
        *Remote = Lab.Address(Lab.BehindTun, Port);
    }

    private sockaddr_in* Remote => (sockaddr_in*)_names.Pointer;

    /// <param name="title">Of the table.</param>
    /// <param name="rounds">How often each way is measured.</param>
    /// <param name="frames">How many wait in the device.</param>
    /// <param name="bytes">Length of a UDP payload.</param>
    /// <param name="together">How many of them make one frame.</param>
    internal void Read(string title, int rounds, int frames, int bytes, int together)
    {
        using var fill = new SendWay("fill", _source, new Messages(8, new MessageShape(bytes, together, false, false), Remote), 1);
        var contest = new Contest(title, rounds, _lab.Peer.ThreadId) { Before = () => _lab.Peer.Do(() => fill.Run(frames * together)) };
        contest.Add("read", name => new TunReadWay(name, _tun, pollsFirst: false));
        contest.Add("poll and read", name => new TunReadWay(name, _tun, pollsFirst: true));
        contest.Add("io_uring, 8 READ", name => new RingTunReadWay(name, _tun, 8));
        contest.Add("io_uring, 64 READ", name => new RingTunReadWay(name, _tun, 64));
        contest.Add("io_uring, READ_MULTISHOT, 8 buffers", name => new RingTunMultishotWay(name, _tun, 8));
        contest.Add("io_uring, READ_MULTISHOT, 64 buffers", name => new RingTunMultishotWay(name, _tun, 64));
        contest.Run(frames);
    }

    /// <param name="title">Of the table.</param>
    /// <param name="rounds">How often each way is measured.</param>
    /// <param name="count">How many frames to write.</param>
    /// <param name="frames">What to write.</param>
    internal void Write(string title, int rounds, int count, Frames frames)
    {
        var contest = new Contest(title, rounds, _lab.Peer.ThreadId);
        int withNapi = 0;
        contest.Add("write", name => new TunWriteWay(name, _tun, frames, isGathered: false));
        contest.Add("writev, header and packet", name => new TunWriteWay(name, _tun, frames, isGathered: true));
        contest.Add("io_uring, 8 WRITE", name => new RingTunWriteWay(name, _tun, frames, 8, isLinked: false));
        contest.Add("io_uring, 8 WRITE, linked", name => new RingTunWriteWay(name, _tun, frames, 8, isLinked: true));
        contest.Add("io_uring, 64 WRITE", name => new RingTunWriteWay(name, _tun, frames, 64, isLinked: false));
        contest.Add("io_uring, 64 WRITE, linked", name => new RingTunWriteWay(name, _tun, frames, 64, isLinked: true));
        contest.Add("write, IFF_NAPI", name =>
        {
            withNapi = Lab.OpenTun("sbnapi", "10.9.4.1/24", IFF_NAPI);
            return new TunWriteWay(name, withNapi, frames, isGathered: false);
        });
        contest.Add("write, IFF_NAPI and IFF_NAPI_FRAGS", name =>
            new TunWriteWay(name, Lab.OpenTun("sbfrags", "10.9.5.1/24", IFF_NAPI | IFF_NAPI_FRAGS), frames, isGathered: false));
        contest.Run(count);
        if (withNapi != 0)
            _ = close(withNapi);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = close(_tun);
        _ = close(_source);
        _names.Dispose();
    }
}
