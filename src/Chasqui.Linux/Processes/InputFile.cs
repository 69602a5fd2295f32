using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>A file, pipe or device opened to be read, with the kernel's own reasons when it cannot be.</summary>
/// <remarks>Threads: one at a time.</remarks>
public sealed unsafe class InputFile : IDisposable
{
    private readonly FileDescriptor _descriptor;
    private readonly string _path;

    private InputFile(FileDescriptor descriptor, string path)
    {
        _descriptor = descriptor;
        _path = path;
    }

    /// <summary>Whether it has a position: a regular file or a device such as <c>/dev/null</c>, not a pipe or a terminal.</summary>
    public bool CanSeek => Libc.lseek(_descriptor, 0, Libc.SEEK_CUR) >= 0;

    /// <summary>Whose the open file is, whatever its name stands for meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public FileStatus Status => FileEntry.Of(_descriptor).Status;

    /// <summary>
    /// Whether nobody but root can write the open file, nor could have made its path lead to it: each folder on the way, and each symbolic
    /// link, is root's and written by root alone, or keeps its entries by the sticky bit.
    /// </summary>
    /// <exception cref="LinuxException">EACCES: a folder cannot be looked at.</exception>
    public bool IsOnlyRoots => RootPath.LeadsTo(_path, FileEntry.Of(_descriptor));

    /// <summary>Where the open file is, symbolic links followed.</summary>
    public string RealPath =>
        File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_descriptor.DangerousFd}"), false)?.FullName
        ?? Path.GetFullPath(_path);

    /// <summary>Opens a file.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES and the like.</exception>
    public static InputFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new InputFile(FileDescriptor.FromResult(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open", path), path);
    }

    /// <summary>Reads what is there, up to the buffer's length.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="LinuxException">EISDIR and the like.</exception>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                nint length = Libc.read(_descriptor, pointer, (nuint)buffer.Length);
                if (length >= 0)
                    return (int)length;
                if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                    LinuxException.ThrowLast("read", _path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}
