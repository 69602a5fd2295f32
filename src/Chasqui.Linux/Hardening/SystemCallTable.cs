namespace Chasqui.Linux.Hardening;

/// <summary>What a program that has been set up, and only carries packets from then on, never asks for.</summary>
/// <remarks>Source: asm/unistd_64.h of x86 and asm-generic/unistd.h, which arm64 has.</remarks>
internal static class SystemCallTable
{
    /// <summary>The first number that has no meaning here: what came later than Linux 6.12.</summary>
    internal const int FirstUnknown = 463;

    /// <summary>The packet path's and what waits: allowed first, so that older kernels need few steps for them.</summary>
    internal static ReadOnlySpan<SystemCall> Busy => new SystemCall[]
    {
        new("read", 0, 63), new("write", 1, 64), new("sendmsg", 46, 211), new("recvmmsg", 299, 243), new("sendmmsg", 307, 269),
        new("recvmsg", 47, 212), new("poll", 7, -1), new("ppoll", 271, 73), new("futex", 202, 98), new("timerfd_settime", 286, 86),
    };

    /// <summary>Refused with EPERM.</summary>
    internal static ReadOnlySpan<SystemCall> Denied => new SystemCall[]
    {
        // Other programs, and other processes' memory.
        new("execve", 59, 221), new("execveat", 322, 281), new("fork", 57, -1), new("vfork", 58, -1), new("ptrace", 101, 117),
        new("process_vm_readv", 310, 270), new("process_vm_writev", 311, 271), new("process_madvise", 440, 440), new("kcmp", 312, 272),
        new("pidfd_open", 434, 434), new("pidfd_getfd", 438, 438), new("pidfd_send_signal", 424, 424), new("memfd_create", 319, 279),
        new("memfd_secret", 447, 447),

        // Memory that others have too, and that may be executed while it is written (SHM_EXEC).
        new("shmget", 29, 194), new("shmat", 30, 196), new("shmctl", 31, 195), new("shmdt", 67, 197),

        // Mounts and namespaces.
        new("mount", 165, 40), new("umount2", 166, 39), new("pivot_root", 155, 41), new("chroot", 161, 51), new("open_tree", 428, 428),
        new("move_mount", 429, 429), new("fsopen", 430, 430), new("fsconfig", 431, 431), new("fsmount", 432, 432), new("fspick", 433, 433),
        new("mount_setattr", 442, 442), new("setns", 308, 268), new("unshare", 272, 97),

        // The machine.
        new("init_module", 175, 105), new("finit_module", 313, 273), new("delete_module", 176, 106), new("kexec_load", 246, 104),
        new("kexec_file_load", 320, 294), new("reboot", 169, 142), new("swapon", 167, 224), new("swapoff", 168, 225), new("acct", 163, 89),
        new("quotactl", 179, 60), new("quotactl_fd", 443, 443), new("settimeofday", 164, 170), new("clock_settime", 227, 112),
        new("adjtimex", 159, 171), new("clock_adjtime", 305, 266), new("sethostname", 170, 161), new("setdomainname", 171, 162),
        new("syslog", 103, 116), new("vhangup", 153, 58), new("iopl", 172, -1), new("ioperm", 173, -1), new("modify_ldt", 154, -1),
        new("personality", 135, 92),

        // What has been the way into kernels.
        new("bpf", 321, 280), new("perf_event_open", 298, 241), new("userfaultfd", 323, 282), new("io_uring_setup", 425, 425),
        new("io_uring_enter", 426, 426), new("io_uring_register", 427, 427), new("add_key", 248, 217), new("request_key", 249, 218),
        new("keyctl", 250, 219), new("name_to_handle_at", 303, 264), new("open_by_handle_at", 304, 265), new("lookup_dcookie", 212, 18),
        new("fanotify_init", 300, 262), new("fanotify_mark", 301, 263),

        // Who the process is.
        new("setuid", 105, 146), new("setgid", 106, 144), new("setreuid", 113, 145), new("setregid", 114, 143), new("setresuid", 117, 147),
        new("setresgid", 119, 149), new("setgroups", 116, 159), new("setfsuid", 122, 151), new("setfsgid", 123, 152), new("capset", 126, 91),

        // Files other than to read or remove them: also where the kernel has no Landlock, and what Landlock does not look at.
        new("chmod", 90, -1), new("fchmod", 91, 52), new("fchmodat", 268, 53), new("fchmodat2", 452, 452), new("chown", 92, -1),
        new("fchown", 93, 55), new("lchown", 94, -1), new("fchownat", 260, 54), new("setxattr", 188, 5), new("lsetxattr", 189, 6),
        new("fsetxattr", 190, 7), new("removexattr", 197, 14), new("lremovexattr", 198, 15), new("fremovexattr", 199, 16),
        new("mknod", 133, -1), new("mknodat", 259, 33), new("link", 86, -1), new("linkat", 265, 37), new("symlink", 88, -1),
        new("symlinkat", 266, 36), new("rename", 82, -1), new("renameat", 264, 38), new("renameat2", 316, 276), new("mkdir", 83, -1),
        new("mkdirat", 258, 34), new("rmdir", 84, -1), new("truncate", 76, 45), new("creat", 85, -1),
    };

    /// <summary>Makes a thread, or a process: only the former is allowed.</summary>
    internal static SystemCall Clone => new("clone", 56, 220);

    /// <summary>Its arguments are behind a pointer, which a filter cannot follow: the C library takes <see cref="Clone"/> where it is missing.</summary>
    internal static SystemCall Clone3 => new("clone3", 435, 435);

    internal static SystemCall Socket => new("socket", 41, 198);

    internal static SystemCall Mmap => new("mmap", 9, 222);

    internal static SystemCall Mprotect => new("mprotect", 10, 226);

    internal static SystemCall PkeyMprotect => new("pkey_mprotect", 329, 288);

    internal static SystemCall Seccomp => new("seccomp", 317, 277);
}
