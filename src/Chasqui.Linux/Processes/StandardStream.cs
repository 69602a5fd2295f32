using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>Standard input, output or error without the framework's console, which takes a thread and a millisecond to set up.</summary>
/// <remarks>
/// Ownership: the descriptor stays the process's; disposing closes nothing. Threads: one at a time.
/// A reader that goes away is a <see cref="LinuxException"/> with EPIPE.
/// </remarks>
public sealed unsafe class StandardStream : Stream
{
    /// <summary>The descriptor of standard input.</summary>
    public const int Input = 0;

    /// <summary>The descriptor of standard output.</summary>
    public const int Output = 1;

    /// <summary>The descriptor of standard error.</summary>
    public const int Error = 2;

    private readonly FileDescriptor _descriptor;

    /// <summary>Wraps one of the three descriptors.</summary>
    public StandardStream(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fd, Error);
        _descriptor = FileDescriptor.Borrow(fd);
    }

    /// <summary>Whether a descriptor is the stream that systemd gave to journald.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="journalStream">The environment's JOURNAL_STREAM: device and inode, with a colon between them; null if there is none.</param>
    /// <remarks>A program that a service starts has the variable too, but perhaps another standard error. Source: systemd.exec(5).</remarks>
    public static bool IsJournal(int fd, string? journalStream)
    {
        Libc.statx_t stat;
        return journalStream?.Split(':') is [var device, var inode]
            && ulong.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out ulong wantedDevice)
            && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out ulong wantedInode)
            && Libc.statx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_INO, &stat) == 0
            && stat.stx_ino == wantedInode
            && DeviceNumber(stat.stx_dev_major, stat.stx_dev_minor) == wantedDevice;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a descriptor is a terminal. Source: isatty(3).</summary>
    public static bool IsTerminal(int fd) => Libc.isatty(fd) == 1;

    /// <summary>
    /// Lets go of all three: from here on they are <c>/dev/null</c>, and whoever waits for the end of this process's output has it.
    /// </summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public static void Abandon()
    {
        using FileDescriptor nothing = FileDescriptor.FromResult(Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0), "open", "/dev/null");
        for (int fd = Input; fd <= Error; fd++)
            _ = LinuxException.Check(Libc.dup2(nothing, fd), "dup2");
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                nint received = Libc.read(_descriptor, pointer, (nuint)buffer.Length);
                if (received >= 0)
                    return (int)received;
                WaitAfter(Marshal.GetLastPInvokeError(), "read", PollEvents.Read);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* pointer = buffer)
                written = Libc.write(_descriptor, pointer, (nuint)buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                WaitAfter(Marshal.GetLastPInvokeError(), "write", PollEvents.Write);
        }
    }

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

    // Whoever started the process may have left the descriptor non-blocking.
    private void WaitAfter(int errno, string syscall, PollEvents events)
    {
        if (errno == Errno.EAGAIN)
            _ = Poller.WaitOne(_descriptor, events, Poller.Forever);
        else if (errno != Errno.EINTR)
            throw new LinuxException(syscall, Subject, errno);
    }

    private string Subject => _descriptor.DangerousFd switch
    {
        Input => "standard input",
        Output => "standard output",
        _ => "standard error",
    };

    /// <summary>As makedev(3) puts it together.</summary>
    private static ulong DeviceNumber(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((major & 0xFFFul) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFFul);
}
