using System.Runtime.InteropServices;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>An io_uring, as little of it as the comparison needs.</summary>
/// <remarks>Threads: the one that made it. Source: io_uring(7), io_uring_setup(2), io_uring_enter(2).</remarks>
internal sealed unsafe class Ring : IDisposable
{
    /// <summary>How long the kernel's thread goes on looking when there is nothing.</summary>
    internal const int PollingMilliseconds = 2;

    private readonly int _fd;
    private readonly bool _isPolled;
    private readonly byte* _rings;
    private readonly nuint _ringsLength;
    private readonly io_uring_sqe* _sqes;
    private readonly nuint _sqesLength;
    private readonly io_uring_params _layout;
    private readonly uint _sqMask;
    private readonly uint _cqMask;
    private uint _tail;
    private uint _published;

    /// <param name="entries">Requests that can be submitted at once; a power of two.</param>
    /// <param name="pollingCore">The core on which the kernel's own thread looks for requests; negative for no such thread.</param>
    internal Ring(uint entries, int pollingCore = -1)
    {
        io_uring_params parameters = default;
        _isPolled = pollingCore >= 0;
        parameters.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_CQSIZE
            | (_isPolled ? IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF : IORING_SETUP_DEFER_TASKRUN);
        parameters.cq_entries = entries * 4;
        parameters.sq_thread_cpu = (uint)Math.Max(0, pollingCore);
        parameters.sq_thread_idle = PollingMilliseconds;
        _fd = Check(syscall(SYS_io_uring_setup, (nint)entries, (nint)(&parameters), 0, 0, 0, 0), "io_uring_setup");
        _layout = parameters;

        // Both rings are in one mapping on every kernel since 5.4.
        _ringsLength = Math.Max(
            parameters.sq_off.array + (parameters.sq_entries * sizeof(uint)),
            parameters.cq_off.cqes + (parameters.cq_entries * (uint)sizeof(io_uring_cqe)));
        _sqesLength = parameters.sq_entries * (uint)sizeof(io_uring_sqe);
        _rings = (byte*)Map(_ringsLength, 0);
        _sqes = (io_uring_sqe*)Map(_sqesLength, IORING_OFF_SQES);
        _sqMask = parameters.sq_entries - 1;
        _cqMask = parameters.cq_entries - 1;
        uint* array = (uint*)(_rings + parameters.sq_off.array);
        for (uint i = 0; i < parameters.sq_entries; i++)
            array[i] = i;

        // The polling thread must once run on this core to leave it, and not behind a thread that spins with a real-time priority.
        if (_isPolled)
            Thread.Sleep(20);
    }

    /// <summary>Bytes that the ring has mapped, without the buffers that its requests point to.</summary>
    internal long MappedBytes => (long)(_ringsLength + _sqesLength);

    private ref uint SqFlags => ref *(uint*)(_rings + _layout.sq_off.flags);

    private ref uint CqHead => ref *(uint*)(_rings + _layout.cq_off.head);

    private ref uint CqTail => ref *(uint*)(_rings + _layout.cq_off.tail);

    /// <summary>The next request to fill in, all zero.</summary>
    internal io_uring_sqe* Next()
    {
        io_uring_sqe* entry = _sqes + (_tail++ & _sqMask);
        *entry = default;
        return entry;
    }

    /// <summary>Hands over what was filled in, and waits for this many completions.</summary>
    internal void Submit(uint waitFor)
    {
        uint count = _tail - _published;
        _published = _tail;
        Volatile.Write(ref *(uint*)(_rings + _layout.sq_off.tail), _tail);
        if (_isPolled)
        {
            // ORDER: the tail must be seen before the flag is read, or both sides sleep.
            Interlocked.MemoryBarrier();
            if ((Volatile.Read(ref SqFlags) & IORING_SQ_NEED_WAKEUP) != 0)
                Enter(count, 0, IORING_ENTER_SQ_WAKEUP);
            return;
        }

        Enter(count, waitFor, IORING_ENTER_GETEVENTS);
    }

    /// <summary>Takes one completion.</summary>
    internal bool TryReap(out io_uring_cqe completion)
    {
        uint head = CqHead;
        if (head == Volatile.Read(ref CqTail))
        {
            completion = default;
            return false;
        }

        completion = *((io_uring_cqe*)(_rings + _layout.cq_off.cqes) + (head & _cqMask));
        Volatile.Write(ref CqHead, head + 1);
        return true;
    }

    internal void RegisterFile(int fd) => Register(IORING_REGISTER_FILES, &fd, 1, "IORING_REGISTER_FILES");

    internal void RegisterBuffers(io_uring_buf* buffers, uint count, ushort group)
    {
        io_uring_buf_reg request = new() { ring_addr = buffers, ring_entries = count, bgid = group };
        Register(IORING_REGISTER_PBUF_RING, &request, 1, "IORING_REGISTER_PBUF_RING");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = munmap(_rings, _ringsLength);
        _ = munmap(_sqes, _sqesLength);
        _ = close(_fd);
    }

    private void Enter(uint submit, uint waitFor, uint flags)
    {
        while (syscall(SYS_io_uring_enter, _fd, (nint)submit, (nint)waitFor, (nint)flags, 0, 0) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != EINTR)
                throw new IOException($"io_uring_enter: errno {errno}");
            submit = 0;
        }
    }

    private void Register(uint what, void* argument, uint count, string name) =>
        Check(syscall(SYS_io_uring_register, _fd, (nint)what, (nint)argument, (nint)count, 0, 0), name);

    private void* Map(nuint length, long offset)
    {
        void* address = mmap(null, length, PROT_READ_WRITE, MAP_SHARED_POPULATE, _fd, offset);
        return (nint)address == -1 ? throw new IOException($"mmap: errno {Marshal.GetLastPInvokeError()}") : address;
    }
}
