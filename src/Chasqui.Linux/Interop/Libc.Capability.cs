using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: linux/capability.h, capget(2).</content>
internal static unsafe partial class Libc
{
    internal const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    internal const int _LINUX_CAPABILITY_U32S_3 = 2;
    internal const int CAP_NET_BIND_SERVICE = 10;
    internal const int CAP_NET_ADMIN = 12;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int capget(__user_cap_header_struct* header, __user_cap_data_struct* data);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int capset(__user_cap_header_struct* header, __user_cap_data_struct* data);

    [StructLayout(LayoutKind.Sequential)]
    internal struct __user_cap_header_struct
    {
        internal uint version;
        internal int pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct __user_cap_data_struct
    {
        internal uint effective;
        internal uint permitted;
        internal uint inheritable;
    }
}
