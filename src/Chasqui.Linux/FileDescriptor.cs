using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Chasqui.Linux;

/// <summary>Owns an open file descriptor and closes it once. Zero is a descriptor like any other.</summary>
/// <remarks>
/// Everything this assembly opens is close-on-exec, so a child has only what it was handed by name.
/// Threads: a call in flight keeps the descriptor open; <see cref="SafeHandle.Dispose()"/> takes effect when the last one returns.
/// </remarks>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of an open descriptor.</summary>
    /// <param name="fd">The number; -1 makes an invalid handle.</param>
    public FileDescriptor(int fd)
        : this(fd, ownsHandle: true)
    {
    }

    private FileDescriptor(int fd, bool ownsHandle)
        : base(ownsHandle) => SetHandle(fd);

    /// <summary>The bare number, to be used only while something keeps this object open.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public int DangerousFd
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (int)handle;
        }
    }

    /// <summary>Takes over a descriptor that this process was started with, and keeps it from its own children.</summary>
    /// <exception cref="LinuxException">EBADF: there is no such descriptor.</exception>
    public static FileDescriptor Inherit(int fd)
    {
        FileDescriptor descriptor = new(fd);
        try
        {
            int flags = LinuxException.Check(Libc.fcntl(descriptor, Libc.F_GETFD, 0), "fcntl", Subject(fd));
            _ = LinuxException.Check(Libc.fcntl(descriptor, Libc.F_SETFD, flags | Libc.FD_CLOEXEC), "fcntl", Subject(fd));
            return descriptor;
        }
        catch (LinuxException)
        {
            descriptor.SetHandleAsInvalid();
            throw;
        }
    }

    /// <summary>Another descriptor of the same open file, close-on-exec.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public FileDescriptor Duplicate() =>
        new(LinuxException.Check(Libc.fcntl(this, Libc.F_DUPFD_CLOEXEC, 0), "fcntl"));

    /// <summary>Makes reads and writes return EAGAIN where they would wait, or wait again.</summary>
    /// <exception cref="LinuxException">The descriptor refuses.</exception>
    public void SetNonBlocking(bool isNonBlocking)
    {
        int flags = LinuxException.Check(Libc.fcntl(this, Libc.F_GETFL, 0), "fcntl");
        int wanted = isNonBlocking ? flags | Libc.O_NONBLOCK : flags & ~Libc.O_NONBLOCK;
        _ = LinuxException.Check(Libc.fcntl(this, Libc.F_SETFL, wanted), "fcntl");
    }

    /// <inheritdoc/>
    // close(2): the descriptor is gone on Linux even after EINTR, so calling again could close somebody else's.
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;

    /// <summary>Wraps a descriptor that stays somebody else's: disposing does not close it.</summary>
    internal static FileDescriptor Borrow(int fd) => new(fd, ownsHandle: false);

    /// <summary>Wraps what a call that opens something returned.</summary>
    internal static FileDescriptor FromResult(int result, string syscall, string subject = "") =>
        new(LinuxException.Check(result, syscall, subject));

    private static string Subject(int fd) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"descriptor {fd}");
}
