using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: sys/prctl.h.</content>
internal static partial class Libc
{
    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_CAPBSET_DROP = 24;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int PR_CAP_AMBIENT = 47;
    internal const int PR_CAP_AMBIENT_RAISE = 2;
    internal const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    // SAFETY: variadic in C, and the same call as with named arguments; see open.
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
