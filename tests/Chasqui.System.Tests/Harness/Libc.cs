using System.Runtime.InteropServices;

namespace Chasqui.System.Tests.Harness;

/// <summary>The few system calls that .NET has no method for.</summary>
internal static partial class Libc
{
    /// <summary>CLONE_NEWNET of sched.h.</summary>
    public const int CloneNewNet = 0x40000000;

    /// <summary>TUNSETIFF of linux/if_tun.h.</summary>
    public const uint TunSetIff = 0x400454CA;

    /// <summary>O_RDWR of fcntl.h, without O_CLOEXEC: the descriptor is for a child.</summary>
    public const int ReadWrite = 2;

    /// <summary>F_SETFD of fcntl.h.</summary>
    public const int SetDescriptorFlags = 2;

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNs(SafeHandle descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int descriptor, nuint request, ReadOnlySpan<byte> argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int descriptor, int command, int argument);
}
