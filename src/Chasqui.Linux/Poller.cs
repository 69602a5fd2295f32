using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux;

/// <summary>Waits for a handful of descriptors at once without allocating.</summary>
/// <remarks>
/// Source: poll(2). Threads: one; a second thread wakes it through an <see cref="EventFd"/>. Ownership: the descriptors stay the
/// caller's, but are kept open until this is disposed.
/// </remarks>
public sealed class Poller : IDisposable
{
    /// <summary>Waits for as long as it takes.</summary>
    public const int Forever = -1;

    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly Libc.pollfd[] _entries;
    private readonly FileDescriptor[] _descriptors;
    private int _count;

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">How many descriptors it can hold; 1 or more.</param>
    public Poller(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _entries = GC.AllocateArray<Libc.pollfd>(capacity, pinned: true);
        _descriptors = new FileDescriptor[capacity];
    }

    /// <summary>Adds a descriptor.</summary>
    /// <returns>Its place, to be given to <see cref="Ready"/>: 0 for the first, then 1, and so on.</returns>
    /// <exception cref="InvalidOperationException">The set is full.</exception>
    public int Add(FileDescriptor descriptor, PollEvents events)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (_count == _entries.Length)
            throw new InvalidOperationException($"The poller holds {_count} descriptors and no more.");

        bool isReferenced = false;
        descriptor.DangerousAddRef(ref isReferenced);
        _descriptors[_count] = descriptor;
        _entries[_count] = new Libc.pollfd { fd = descriptor.DangerousFd, events = (short)events };
        return _count++;
    }

    /// <summary>Changes what a descriptor is waited for; <see cref="PollEvents.None"/> still reports errors and hang-ups.</summary>
    public void SetEvents(int index, PollEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        _entries[index].events = (short)events;
    }

    /// <summary>Waits until a descriptor is ready or the time has passed. A signal does not end the wait.</summary>
    /// <param name="timeoutMilliseconds">0 looks and returns; <see cref="Forever"/> has no end.</param>
    /// <returns>How many descriptors are ready; 0 if the time has passed.</returns>
    /// <exception cref="LinuxException">ENOMEM.</exception>
    public unsafe int Wait(int timeoutMilliseconds)
    {
        // SAFETY: the array is pinned from birth and outlives the call as a field.
        Libc.pollfd* entries = (Libc.pollfd*)Marshal.UnsafeAddrOfPinnedArrayElement(_entries, 0);
        int ready = WaitRaw(entries, (uint)_count, timeoutMilliseconds);
        GC.KeepAlive(this);
        return ready >= 0 ? ready : throw new LinuxException("poll", -ready);
    }

    /// <summary>What the last wait found out about a descriptor.</summary>
    /// <param name="index">Its place, from <see cref="Add"/>.</param>
    public PollEvents Ready(int index) => (PollEvents)_entries[index].revents;

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
            _descriptors[i].DangerousRelease();
        _count = 0;
    }

    /// <summary>Waits for one descriptor.</summary>
    /// <returns>What it is ready for, <see cref="PollEvents.None"/> if the time has passed.</returns>
    internal static unsafe PollEvents WaitOne(FileDescriptor descriptor, PollEvents events, int timeoutMilliseconds)
    {
        bool isReferenced = false;
        descriptor.DangerousAddRef(ref isReferenced);
        Libc.pollfd entry = new() { fd = descriptor.DangerousGetHandle().ToInt32(), events = (short)events };
        int ready = WaitRaw(&entry, 1, timeoutMilliseconds);
        descriptor.DangerousRelease();
        return ready > 0 ? (PollEvents)entry.revents : PollEvents.None;
    }

    private static unsafe int WaitRaw(Libc.pollfd* entries, uint count, int timeoutMilliseconds)
    {
        long deadline = timeoutMilliseconds > 0 ? BootClock.Now() + (timeoutMilliseconds * NanosecondsPerMillisecond) : 0;
        int ready = Libc.poll(entries, count, timeoutMilliseconds);
        while (ready < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
            long leftNanoseconds = Math.Max(deadline - BootClock.Now(), 0);
            int left = timeoutMilliseconds < 0 ? timeoutMilliseconds : (int)(leftNanoseconds / NanosecondsPerMillisecond);
            ready = Libc.poll(entries, count, left);
        }

        return ready >= 0 ? ready : -Marshal.GetLastPInvokeError();
    }
}
