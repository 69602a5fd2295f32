using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>One read that stays and completes once for each frame, into provided buffers.</summary>
internal sealed unsafe class RingTunMultishotWay : Way
{
    private const int Patience = 1000;

    private readonly Ring _ring = new(64);
    private readonly ProvidedBuffers _buffers;
    private bool _isArmed;

    internal RingTunMultishotWay(string name, int tun, uint buffers)
        : base(name)
    {
        _buffers = new ProvidedBuffers(_ring, buffers, TunReadWay.FrameBytes);
        _ring.RegisterFile(tun);
    }

    internal override int Run(int count)
    {
        int frames = 0, idle = 0;
        while (frames < count && idle < Patience)
        {
            Arm();
            _ring.Submit(0);
            int read = Reap();
            frames += read;
            idle = read == 0 ? idle + 1 : 0;
        }

        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _ring.Dispose();
        _buffers.Dispose();
    }

    private void Arm()
    {
        if (_isArmed)
            return;
        io_uring_sqe* request = _ring.Next();
        request->opcode = IORING_OP_READ_MULTISHOT;
        request->flags = IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
        request->off = ulong.MaxValue;
        _isArmed = true;
    }

    private int Reap()
    {
        int frames = 0;
        while (_ring.TryReap(out io_uring_cqe completion))
        {
            _isArmed &= (completion.flags & IORING_CQE_F_MORE) != 0;
            if ((completion.flags & IORING_CQE_F_BUFFER) == 0)
                continue;
            frames += completion.res > 0 ? 1 : 0;
            _buffers.Return(completion.flags);
        }

        _buffers.Publish();
        return frames;
    }
}
