using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>Tells when a path is unlinked, renamed or replaced.</summary>
/// <remarks>
/// Source: inotify(7). The file is watched for a change of its links, its directory for its own end only, so that other files
/// that come and go beside it wake nobody. What the path names is looked up after each event. Threads: one reader.
/// </remarks>
public sealed class PathWatch : IDisposable
{
    private const int BufferBytes = 4096;
    private const uint OwnEnd = Libc.IN_DELETE_SELF | Libc.IN_MOVE_SELF;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly SocketFile.Identity _identity;

    private PathWatch(FileDescriptor descriptor, string path)
    {
        Descriptor = descriptor;
        Path = path;
        IsGone = !SocketFile.TryGetIdentity(path, out _identity);
    }

    /// <summary>For <see cref="Poller"/>: readable when something happened to the file.</summary>
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
        try
        {
            _ = LinuxException.Check(Libc.inotify_add_watch(descriptor, directory, OwnEnd), "inotify_add_watch", directory);
            bool isWatched = Libc.inotify_add_watch(descriptor, full, OwnEnd | Libc.IN_ATTRIB) >= 0;
            if (!isWatched && Marshal.GetLastPInvokeError() != Errno.ENOENT)
                LinuxException.ThrowLast("inotify_add_watch", full);
            return new PathWatch(descriptor, full);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Takes note of what happened, without waiting.</summary>
    /// <returns><see cref="IsGone"/>.</returns>
    public unsafe bool Update()
    {
        nint received;
        do
        {
            fixed (byte* pointer = _buffer)
                received = Libc.read(Descriptor, pointer, BufferBytes);
        }
        while (received > 0);

        IsGone |= !SocketFile.TryGetIdentity(Path, out SocketFile.Identity identity) || identity != _identity;
        return IsGone;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
