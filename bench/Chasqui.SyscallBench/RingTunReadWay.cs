using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Several reads handed over by one call, each into a buffer of its own.</summary>
internal sealed unsafe class RingTunReadWay : Way
{
    private readonly int _outstanding;
    private readonly Ring _ring = new(64);
    private readonly Slab _buffers;

    internal RingTunReadWay(string name, int tun, int outstanding)
        : base(name)
    {
        _outstanding = outstanding;
        _buffers = new Slab((nuint)(outstanding * TunReadWay.FrameBytes));
        _ring.RegisterFile(tun);
    }

    internal override int Run(int count)
    {
        int frames = 0, read = _outstanding;
        while (frames < count && read == _outstanding)
        {
            for (int i = 0; i < _outstanding; i++)
                Fill(_ring.Next(), i);
            _ring.Submit((uint)_outstanding);
            read = 0;
            while (_ring.TryReap(out io_uring_cqe completion))
                read += completion.res > 0 ? 1 : 0;
            frames += read;
        }

        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _ring.Dispose();
        _buffers.Dispose();
    }

    private void Fill(io_uring_sqe* request, int index)
    {
        request->opcode = IORING_OP_READ;
        request->flags = IOSQE_FIXED_FILE;
        request->addr = _buffers.Pointer + (index * TunReadWay.FrameBytes);
        request->len = TunReadWay.FrameBytes;
    }
}
