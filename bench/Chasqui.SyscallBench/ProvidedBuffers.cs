using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Buffers of which a ring's multishot requests take one for each message.</summary>
internal sealed unsafe class ProvidedBuffers : IDisposable
{
    private readonly uint _count;
    private readonly uint _bytes;
    private readonly Slab _slab;
    private readonly Slab _entries;
    private ushort _tail;

    internal ProvidedBuffers(Ring ring, uint count, uint bytes)
    {
        _count = count;
        _bytes = bytes;
        _slab = new Slab(count * bytes);
        _entries = new Slab(Math.Max(4096, count * (nuint)sizeof(io_uring_buf)));
        ring.RegisterBuffers((io_uring_buf*)_entries.Pointer, count, 0);
        for (uint i = 0; i < count; i++)
            Return(i << 16);
        Publish();
    }

    /// <summary>The buffer that a completion names.</summary>
    internal byte* Of(uint completionFlags) => _slab.Pointer + ((completionFlags >> 16) * _bytes);

    /// <summary>Gives the buffer that a completion names back, from the next <see cref="Publish"/> on.</summary>
    internal void Return(uint completionFlags)
    {
        uint id = completionFlags >> 16;
        io_uring_buf* entry = (io_uring_buf*)_entries.Pointer + (_tail++ & (_count - 1));
        entry->addr = _slab.Pointer + (id * _bytes);
        entry->len = _bytes;
        entry->bid = (ushort)id;
    }

    internal void Publish() => Volatile.Write(ref ((io_uring_buf*)_entries.Pointer)->tail, _tail);

    /// <inheritdoc/>
    public void Dispose()
    {
        _slab.Dispose();
        _entries.Dispose();
    }
}
