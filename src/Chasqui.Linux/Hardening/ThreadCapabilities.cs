using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>The capability sets of the calling thread. Source: capabilities(7), capget(2).</summary>
internal static unsafe class ThreadCapabilities
{
    // There are 41 at the time of writing; a number that the kernel does not know is refused, and then there are no more.
    private const int MaxCapabilities = 64;

    /// <summary>What the thread may give itself.</summary>
    internal static ulong Permitted()
    {
        Libc.__user_cap_header_struct header = new() { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        Libc.__user_cap_data_struct* data = stackalloc Libc.__user_cap_data_struct[Libc._LINUX_CAPABILITY_U32S_3];
        _ = LinuxException.Check(Libc.capget(&header, data), "capget");
        return data[0].permitted | ((ulong)data[1].permitted << 32);
    }

    /// <summary>Sets the permitted and effective sets, and that which a program started as root is given.</summary>
    internal static void Set(ulong permitted, ulong inheritable)
    {
        Libc.__user_cap_header_struct header = new() { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        Libc.__user_cap_data_struct* data = stackalloc Libc.__user_cap_data_struct[Libc._LINUX_CAPABILITY_U32S_3];
        for (int i = 0; i < Libc._LINUX_CAPABILITY_U32S_3; i++)
        {
            data[i].permitted = data[i].effective = (uint)(permitted >> (32 * i));
            data[i].inheritable = (uint)(inheritable >> (32 * i));
        }

        _ = LinuxException.Check(Libc.capset(&header, data), "capset");
    }

    /// <summary>Takes all but <paramref name="kept"/> out of the bounding set.</summary>
    /// <returns>Whether that was allowed: it takes CAP_SETPCAP.</returns>
    internal static bool TryBound(ulong kept)
    {
        for (int i = 0; i < MaxCapabilities; i++)
        {
            if ((kept & (1UL << i)) == 0 && Libc.prctl(Libc.PR_CAPBSET_DROP, (nuint)i, 0, 0, 0) < 0)
                return Marshal.GetLastPInvokeError() == Errno.EINVAL;
        }

        return true;
    }

    /// <summary>Sets what a program is given that is started by another user than root.</summary>
    internal static void SetAmbient(ulong capabilities)
    {
        _ = Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        for (int i = 0; i < MaxCapabilities; i++)
        {
            if ((capabilities & (1UL << i)) != 0)
                _ = LinuxException.Check(Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_RAISE, (nuint)i, 0, 0), "prctl", "PR_CAP_AMBIENT_RAISE");
        }
    }
}
