using System.Runtime.InteropServices;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>write for each frame, or writev with the packet behind the header in a piece of its own.</summary>
internal sealed unsafe class TunWriteWay(string name, int tun, Frames frames, bool isGathered) : Way(name)
{
    private readonly Slab _vectors = new(4096);

    internal override int Run(int count)
    {
        iovec* vectors = (iovec*)_vectors.Pointer;
        for (int i = 0; i < count; i++)
        {
            byte* frame = frames[i];
            vectors[0] = new iovec { iov_base = frame, iov_len = Frames.HeaderBytes };
            vectors[1] = new iovec { iov_base = frame + Frames.HeaderBytes, iov_len = (nuint)(frames.Length - Frames.HeaderBytes) };
            nint written = isGathered ? writev(tun, vectors, 2) : write(tun, frame, (nuint)frames.Length);
            if (written < 0)
                throw new IOException($"{Name}: errno {Marshal.GetLastPInvokeError()}");
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Dispose() => _vectors.Dispose();
}
