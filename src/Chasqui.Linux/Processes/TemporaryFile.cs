using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>A file beside another one, whose place it takes when it is complete; until then it is its owner's only, and goes when disposed of.</summary>
/// <remarks>
/// All is done through the descriptor, so that nobody who can write the folder changes what it is done to. A lock tells one that somebody
/// writes from one that a killed process left. Threads: one.
/// </remarks>
internal sealed unsafe class TemporaryFile : IDisposable
{
    private const string Suffix = ".tmp";
    private const uint OwnerOnly = 0x180; // 0600

    private readonly FileDescriptor _descriptor;
    private readonly string _path;
    private readonly string _target;
    private bool _isMoved;

    private TemporaryFile(FileDescriptor descriptor, string path, string target)
    {
        _descriptor = descriptor;
        _path = path;
        _target = target;
    }

    /// <summary>Makes one beside a file.</summary>
    /// <exception cref="LinuxException">EAGAIN: somebody else replaces that file at this moment. EACCES, ENOENT and the like.</exception>
    internal static TemporaryFile Beside(string target)
    {
        string path = target + Suffix;
        if (!TryCreate(path, out FileDescriptor descriptor))
        {
            RemoveIfLeft(path);
            if (!TryCreate(path, out descriptor))
                throw new LinuxException("open", path, Errno.EAGAIN);
        }

        // Shared, so that whoever reads the file under its new name before the lock is gone does not mind; only RemoveIfLeft wants it alone.
        if (Libc.flock(descriptor, Libc.LOCK_SH | Libc.LOCK_NB) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            descriptor.Dispose();
            throw new LinuxException("flock", path, errno);
        }

        return new TemporaryFile(descriptor, path, target);
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="LinuxException">ENOSPC and the like.</exception>
    internal void Write(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            nint written;
            fixed (byte* pointer = content)
                written = Libc.write(_descriptor, pointer, (nuint)content.Length);
            if (written >= 0)
                content = content[(int)written..];
            else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                LinuxException.ThrowLast("write", _path);
        }
    }

    /// <summary>Gives it an owner and permissions; in this order, because the kernel takes bits away from what is given to somebody.</summary>
    /// <exception cref="LinuxException">EPERM and the like.</exception>
    internal void Give(FileStatus status)
    {
        _ = LinuxException.Check(Libc.fchown(_descriptor, status.OwnerId, status.GroupId), "fchown", _path);
        _ = LinuxException.Check(Libc.fchmod(_descriptor, (uint)status.Mode), "fchmod", _path);
    }

    /// <summary>Gives it its name, when all of it is on the disk.</summary>
    /// <param name="isReplacing">Whether it takes the place of one that is there.</param>
    /// <exception cref="IOException">There is such a file, or it cannot be.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    internal void Move(bool isReplacing)
    {
        _ = LinuxException.Check(Libc.fsync(_descriptor), "fsync", _path);
        File.Move(_path, _target, isReplacing);
        _isMoved = true;

        // The name is in the folder; without this, a loss of power could bring the old file back.
        string folder = Path.GetDirectoryName(Path.GetFullPath(_target))!;
        using FileDescriptor names = FileDescriptor.FromResult(Libc.open(folder, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open", folder);
        _ = Libc.fsync(names); // EINVAL: a file system that has nothing to write there
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isMoved)
            _ = Libc.unlink(_path);
        _descriptor.Dispose();
    }

    private static bool TryCreate(string path, out FileDescriptor descriptor)
    {
        const int New = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC; // O_EXCL follows no link
        int fd = Libc.open(path, New, OwnerOnly);
        if (fd < 0 && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            LinuxException.ThrowLast("open", path);
        descriptor = new FileDescriptor(fd);
        return fd >= 0;
    }

    /// <summary>Removes what a process left that ended before its time; what is no file of that kind is nobody's either.</summary>
    /// <exception cref="LinuxException">EAGAIN: it is being written.</exception>
    private static void RemoveIfLeft(string path)
    {
        bool isFile = FileEntry.TryGet(path, out FileEntry left) && left.IsRegular;
        using FileDescriptor descriptor = new(isFile ? Libc.open(path, Libc.O_WRONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0) : -1);
        if (!descriptor.IsInvalid && Libc.flock(descriptor, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
            LinuxException.ThrowLast("flock", path);
        _ = LinuxException.Check(Libc.unlink(path), "unlink", path);
    }
}
