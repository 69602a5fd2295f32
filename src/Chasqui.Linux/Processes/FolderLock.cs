using System.Diagnostics;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>Keeps others who ask for the same folder's lock waiting, while a file in it is read, changed and replaced.</summary>
/// <remarks>
/// A file that is replaced cannot carry the lock itself, and a file for the lock alone would stay behind. Advisory: it stops nobody who does
/// not ask. The kernel takes it away with the process. Source: flock(2).
/// </remarks>
public sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly FileDescriptor _folder;

    private FolderLock(FileDescriptor folder) => _folder = folder;

    /// <summary>Locks a folder.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES and the like; EAGAIN: somebody else has kept it for ten seconds.</exception>
    public static FolderLock Take(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        FileDescriptor descriptor = FileDescriptor.FromResult(Libc.open(folder, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open", folder);
        long start = Stopwatch.GetTimestamp();
        while (Libc.flock(descriptor, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.EAGAIN or Errno.EINTR) || Stopwatch.GetElapsedTime(start) > Patience)
            {
                descriptor.Dispose();
                throw new LinuxException("flock", folder, errno);
            }

            Thread.Sleep(Pause);
        }

        return new FolderLock(descriptor);
    }

    /// <summary>Lets the next one in.</summary>
    public void Dispose() => _folder.Dispose();
}
