using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sys/un.h.</content>
internal static unsafe partial class Libc
{
    internal const int SunPathBytes = 108;

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_un
    {
        internal ushort sun_family;
        internal fixed byte sun_path[SunPathBytes];
    }
}
