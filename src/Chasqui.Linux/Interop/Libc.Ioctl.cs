using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sys/ioctl.h. Request numbers live with the header that defines them.</content>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(FileDescriptor fd, nuint request, void* argument);
}
