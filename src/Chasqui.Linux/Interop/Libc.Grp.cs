using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: grp.h.</content>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int getgrnam_r(string name, group* entry, byte* buffer, nuint length, group** result);

    [StructLayout(LayoutKind.Sequential)]
    internal struct group
    {
        internal byte* gr_name;
        internal byte* gr_passwd;
        internal uint gr_gid;
        internal byte** gr_mem;
    }
}
