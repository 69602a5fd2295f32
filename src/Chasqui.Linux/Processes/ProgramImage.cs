using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>The program that this process runs.</summary>
public static class ProgramImage
{
    /// <summary>Runs another program in place of this one: same process, same standard streams.</summary>
    /// <param name="path">The executable; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, beginning with its name.</param>
    /// <param name="environment">Its environment, as <c>NAME=value</c>.</param>
    /// <param name="descriptors">The descriptors it keeps, under their numbers.</param>
    /// <exception cref="LinuxException">ENOENT, EACCES and the like: this program goes on. There is no return otherwise.</exception>
    public static unsafe void Replace(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, IReadOnlyList<FileDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        using NativeStrings argv = new(arguments);
        using NativeStrings envp = new(environment);
        foreach (FileDescriptor descriptor in descriptors)
            _ = LinuxException.Check(Libc.fcntl(descriptor, Libc.F_SETFD, 0), "fcntl");
        _ = Libc.execve(path, argv.Pointer, envp.Pointer);
        int errno = Marshal.GetLastPInvokeError();
        foreach (FileDescriptor descriptor in descriptors)
            _ = Libc.fcntl(descriptor, Libc.F_SETFD, Libc.FD_CLOEXEC);
        throw new LinuxException("execve", path, errno);
    }
}
