using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>Keeps the memory of this process from other eyes: from debuggers, from core dumps and from the swap.</summary>
public static unsafe class ProcessMemory
{
    /// <summary>No core dump is made of this process, and only root with CAP_SYS_PTRACE may look into it. Source: PR_SET_DUMPABLE.</summary>
    public static void Hide() => _ = LinuxException.Check(Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl", "PR_SET_DUMPABLE");

    /// <summary>Keeps the pages of some memory out of the swap and out of dumps, for as long as the memory is there.</summary>
    /// <remarks>
    /// Other things on the same pages are kept with it. Source: mlock(2), MADV_DONTDUMP of madvise(2).
    /// </remarks>
    /// <param name="memory">Memory that does not move.</param>
    /// <returns>0, or the kernel's reason: ENOMEM or EPERM beyond the limit of locked memory (RLIMIT_MEMLOCK).</returns>
    public static int Keep(ReadOnlySpan<byte> memory)
    {
        if (memory.IsEmpty)
            return 0;

        // SAFETY: nothing is written; the address says which pages are meant.
        fixed (byte* start = memory)
        {
            nuint page = (nuint)Environment.SystemPageSize;
            nuint first = (nuint)start & ~(page - 1);
            nuint length = (nuint)start + (nuint)memory.Length - first;
            if (Libc.mlock((void*)first, length) < 0 || Libc.madvise((void*)first, length, Libc.MADV_DONTDUMP) < 0)
                return Marshal.GetLastPInvokeError();
        }

        return 0;
    }
}
