using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>The machine's groups of users, from wherever it keeps them. Source: getgrnam(3).</summary>
public static unsafe class SystemGroup
{
    private const int FirstBuffer = 4096;

    // A group of a hundred thousand members.
    private const int LastBuffer = 4 * 1024 * 1024;

    /// <summary>A group's number, or null if there is none of that name, or the machine cannot tell.</summary>
    public static uint? FindId(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        for (int length = FirstBuffer; length <= LastBuffer; length *= 4)
        {
            byte* buffer = (byte*)NativeMemory.Alloc((nuint)length);
            Libc.group entry;
            Libc.group* found = null;
            int errno = Libc.getgrnam_r(name, &entry, buffer, (nuint)length, &found);
            uint? id = errno == 0 && found is not null ? found->gr_gid : null;
            NativeMemory.Free(buffer);
            if (errno != Errno.ERANGE)
            {
                return id;
            }
        }

        return null;
    }
}
