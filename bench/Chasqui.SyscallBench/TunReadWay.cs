using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>read for each frame, with a poll before it or not.</summary>
internal sealed unsafe class TunReadWay(string name, int tun, bool pollsFirst) : Way(name)
{
    internal const int FrameBytes = 65536 + 16;

    private readonly Slab _buffer = new(FrameBytes);

    internal override int Run(int count)
    {
        pollfd ready = new() { fd = tun, events = POLLIN };
        int frames = 0;
        while (true)
        {
            if (pollsFirst)
                _ = poll(&ready, 1, 0);
            if (read(tun, _buffer.Pointer, FrameBytes) <= 0)
                return frames;
            frames++;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _buffer.Dispose();
}
