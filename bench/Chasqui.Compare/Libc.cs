using System.Runtime.InteropServices;

namespace Chasqui.Compare;

/// <summary>The one system call that the base library does not offer.</summary>
internal static partial class Libc
{
    internal const int SIGTERM = 15;
    internal const int SIGKILL = 9;

    /// <summary>Sends a signal to a process. Source: kill(2).</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);
}
