using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Several writes handed over by one call, each after the one before it or in whatever order.</summary>
internal sealed unsafe class RingTunWriteWay : Way
{
    private readonly Frames _frames;
    private readonly int _together;
    private readonly bool _isLinked;
    private readonly Ring _ring = new(64);

    internal RingTunWriteWay(string name, int tun, Frames frames, int together, bool isLinked)
        : base(name)
    {
        _frames = frames;
        _together = together;
        _isLinked = isLinked;
        _ring.RegisterFile(tun);
    }

    internal override int Run(int count)
    {
        for (int done = 0; done < count; done += _together)
        {
            for (int i = 0; i < _together; i++)
                Fill(_ring.Next(), done + i, isLast: i == _together - 1);
            _ring.Submit((uint)_together);
            while (_ring.TryReap(out io_uring_cqe completion))
            {
                if (completion.res < 0)
                    throw new IOException($"{Name}: errno {-completion.res}");
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Dispose() => _ring.Dispose();

    private void Fill(io_uring_sqe* request, int index, bool isLast)
    {
        request->opcode = IORING_OP_WRITE;
        request->flags = _isLinked && !isLast ? (byte)(IOSQE_FIXED_FILE | IOSQE_IO_LINK) : IOSQE_FIXED_FILE;
        request->addr = _frames[index];
        request->len = (uint)_frames.Length;
    }
}
