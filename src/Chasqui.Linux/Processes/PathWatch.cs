using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>Tells when a path is unlinked, renamed or replaced.</summary>
/// <remarks>
/// Source: inotify(7), on the directory: a socket that is in use lives on without its name, so watching the file itself would say
/// nothing. Threads: one reader.
/// </remarks>
public sealed class PathWatch : IDisposable
{
    private const int BufferBytes = 4096;

    private readonly byte[] _name;
    private readonly byte[] _buffer = new byte[BufferBytes];

    private PathWatch(FileDescriptor descriptor, string path)
    {
        Descriptor = descriptor;
        Path = path;
        _name = Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(path));
    }

    /// <summary>For <see cref="Poller"/>: readable when something happened in the directory.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The path watched.</summary>
    public string Path { get; }

    /// <summary>Whether the path is gone; never takes it back.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Starts to watch a path that exists; where it does not, <see cref="IsGone"/> from the start.</summary>
    /// <exception cref="LinuxException">ENOENT: not even the directory exists. EMFILE: the user's limit of watches.</exception>
    public static PathWatch Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        string directory = System.IO.Path.GetDirectoryName(full)
            ?? throw new ArgumentException("The root is never unlinked.", nameof(path));
        FileDescriptor descriptor = FileDescriptor.FromResult(
            Libc.inotify_init1(Libc.IN_CLOEXEC | Libc.IN_NONBLOCK), "inotify_init1");
        const uint Mask = Libc.IN_DELETE | Libc.IN_MOVED_FROM | Libc.IN_MOVED_TO | Libc.IN_DELETE_SELF | Libc.IN_MOVE_SELF;
        if (Libc.inotify_add_watch(descriptor, directory, Mask) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            descriptor.Dispose();
            throw new LinuxException("inotify_add_watch", directory, errno);
        }

        PathWatch watch = new(descriptor, full);
        watch.IsGone = !SocketFile.TryGetIdentity(full, out _);
        return watch;
    }

    /// <summary>Takes note of what happened, without waiting.</summary>
    /// <returns><see cref="IsGone"/>.</returns>
    public unsafe bool Update()
    {
        while (true)
        {
            int received;
            fixed (byte* pointer = _buffer)
                received = (int)Libc.read(Descriptor, pointer, BufferBytes);
            if (received <= 0)
                return IsGone;

            bool isLost = ReadEvents(_buffer.AsSpan(0, received), _name, out bool isGone);
            IsGone |= isGone || (isLost && !SocketFile.TryGetIdentity(Path, out _));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>Reads events.</summary>
    /// <param name="events">What inotify gave.</param>
    /// <param name="name">The name watched for.</param>
    /// <param name="isGone">Whether one of them is the end of the name or of its directory.</param>
    /// <returns>Whether the queue overflowed, so that the truth must be looked up.</returns>
    internal static bool ReadEvents(ReadOnlySpan<byte> events, ReadOnlySpan<byte> name, out bool isGone)
    {
        const uint DirectoryGone = Libc.IN_DELETE_SELF | Libc.IN_MOVE_SELF | Libc.IN_UNMOUNT | Libc.IN_IGNORED;
        const uint NameGone = Libc.IN_DELETE | Libc.IN_MOVED_FROM | Libc.IN_MOVED_TO;
        int headerBytes = Unsafe.SizeOf<Libc.inotify_event>();
        bool isLost = false;
        isGone = false;
        while (MemoryMarshal.TryRead(events, out Libc.inotify_event header) && header.len <= (uint)(events.Length - headerBytes))
        {
            ReadOnlySpan<byte> eventName = events.Slice(headerBytes, (int)header.len).TrimEnd((byte)0);
            isLost |= (header.mask & Libc.IN_Q_OVERFLOW) != 0;
            isGone |= (header.mask & DirectoryGone) != 0 || ((header.mask & NameGone) != 0 && eventName.SequenceEqual(name));
            events = events[(headerBytes + (int)header.len)..];
        }

        return isLost;
    }
}
