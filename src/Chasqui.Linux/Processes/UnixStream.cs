using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>One connection of a UNIX stream socket, with a limit to how long the other end may take.</summary>
/// <remarks>Threads: one reader and one writer at a time. A timeout is a <see cref="LinuxException"/> with ETIMEDOUT.</remarks>
public sealed unsafe class UnixStream : Stream
{
    /// <summary>Wraps a connected socket and takes ownership of it.</summary>
    public UnixStream(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The socket, never blocking.</summary>
    public FileDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <summary>How long one read waits, in milliseconds; <see cref="Poller.Forever"/> unless set.</summary>
    public override int ReadTimeout { get; set; } = Poller.Forever;

    /// <summary>How long one write waits for room each time, in milliseconds; <see cref="Poller.Forever"/> unless set.</summary>
    public override int WriteTimeout { get; set; } = Poller.Forever;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Connects to a path.</summary>
    /// <exception cref="LinuxException">ENOENT: no such socket. ECONNREFUSED: nobody listens. EACCES and the like.</exception>
    public static UnixStream Connect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Libc.sockaddr_un address = SocketFile.Address(path);
        FileDescriptor descriptor = SocketFile.OpenSocket();

        // Only a full backlog makes connect(2) wait; a blocking socket sits that out.
        descriptor.SetNonBlocking(false);
        if (Libc.connect(descriptor, &address, (uint)sizeof(Libc.sockaddr_un)) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            descriptor.Dispose();
            throw new LinuxException("connect", path, errno);
        }

        descriptor.SetNonBlocking(true);
        return new UnixStream(descriptor);
    }

    /// <summary>Whether a path names a socket, symbolic links followed: connect(2) says ECONNREFUSED of any other file too.</summary>
    public static bool IsSocket(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Libc.statx_t stat;
        return Libc.statx(Libc.AT_FDCWD, path, 0, Libc.STATX_TYPE, &stat) == 0 && (stat.stx_mode & Libc.S_IFMT) == Libc.S_IFSOCK;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                nint received = Libc.recv(Descriptor, pointer, (nuint)buffer.Length, Libc.MSG_DONTWAIT);
                if (received >= 0)
                    return (int)received;
                WaitAfter(Marshal.GetLastPInvokeError(), "recv", PollEvents.Read, ReadTimeout);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint sent;
            fixed (byte* pointer = buffer)
                sent = Libc.send(Descriptor, pointer, (nuint)buffer.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (sent >= 0)
                buffer = buffer[(int)sent..];
            else
                WaitAfter(Marshal.GetLastPInvokeError(), "send", PollEvents.Write, WriteTimeout);
        }
    }

    /// <summary>Ends the conversation in both directions: whoever waits in a read or a write, in any thread, returns.</summary>
    public void Shutdown() => _ = Libc.shutdown(Descriptor, Libc.SHUT_RDWR);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Descriptor.Dispose();
        base.Dispose(disposing);
    }

    private void WaitAfter(int errno, string syscall, PollEvents events, int timeoutMilliseconds)
    {
        if (errno == Errno.EINTR)
            return;
        if (errno != Errno.EAGAIN)
            throw new LinuxException(syscall, errno);
        if (Poller.WaitOne(Descriptor, events, timeoutMilliseconds) == PollEvents.None)
            throw new LinuxException(syscall, Errno.ETIMEDOUT);
    }
}
