namespace Chasqui.Linux.Interop;

/// <content>Source: linux/seccomp.h, linux/audit.h.</content>
internal static partial class Libc
{
    internal const uint SECCOMP_SET_MODE_FILTER = 1;
    internal const uint SECCOMP_FILTER_FLAG_TSYNC = 1;
    internal const uint SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;
    internal const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    internal const uint SECCOMP_RET_ERRNO = 0x00050000;
    internal const uint SECCOMP_RET_ALLOW = 0x7FFF0000;

    internal const uint AUDIT_ARCH_X86_64 = 0xC000003E;
    internal const uint AUDIT_ARCH_AARCH64 = 0xC00000B7;
}
