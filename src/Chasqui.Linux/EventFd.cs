using Chasqui.Linux.Interop;

namespace Chasqui.Linux;

/// <summary>A flag that a thread waiting in <see cref="Poller"/> can see: set by any thread, cleared by the waiter.</summary>
/// <remarks>Source: eventfd(2). Threads: any. Setting twice before the waiter clears is setting once.</remarks>
public sealed class EventFd : IDisposable
{
    /// <summary>Makes a clear flag.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public EventFd() => Descriptor = FileDescriptor.FromResult(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd");

    /// <summary>Readable while the flag is set.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Sets the flag.</summary>
    public unsafe void Set()
    {
        ulong one = 1;

        // EAGAIN means the counter is full, which is set.
        _ = Libc.write(Descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Clears the flag.</summary>
    /// <returns>Whether it was set.</returns>
    public unsafe bool Clear()
    {
        ulong count;
        return Libc.read(Descriptor, (byte*)&count, sizeof(ulong)) == sizeof(ulong);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
