using System.Runtime.InteropServices;

namespace Chasqui.Siege;

/// <summary>System calls that the base library does not offer.</summary>
internal static partial class Libc
{
    internal const int CLONE_NEWNET = 0x40000000;

    /// <summary>Moves the calling thread into a namespace. Source: setns(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setns(SafeHandle fd, int nstype);
}
