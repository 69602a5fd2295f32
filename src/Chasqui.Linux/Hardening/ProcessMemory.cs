using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>Keeps the memory of this process from other eyes: from debuggers, from core dumps, from the swap.</summary>
public static unsafe class ProcessMemory
{
    /// <summary>No core dump is made of this process, and only root with CAP_SYS_PTRACE may look into it. Source: PR_SET_DUMPABLE.</summary>
    public static void Hide() => _ = LinuxException.Check(Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl", "PR_SET_DUMPABLE");

    /// <summary>Keeps every page of this process in memory from the moment that it is there, also those that are still to come.</summary>
    /// <remarks>
    /// Pages that were never touched stay out of memory, so it takes no more of it. Only where the limit of locked memory is infinite:
    /// with another one, what does not fit would not be unlocked but refused. Source: mlockall(2), MCL_ONFAULT.
    /// </remarks>
    /// <returns>0, or the kernel's reason: EPERM if the limit is finite.</returns>
    public static int Lock()
    {
        Libc.rlimit limit;
        if (Libc.getrlimit(Libc.RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur != Libc.RLIM_INFINITY)
            return Errno.EPERM;
        return Libc.mlockall(Libc.MCL_CURRENT | Libc.MCL_FUTURE | Libc.MCL_ONFAULT) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }
}
