using System.Runtime.InteropServices;
using Chasqui.Linux.Hardening;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Tests.Interop;

namespace Chasqui.Linux.Tests.Hardening;

public sealed class SystemCallFilterTests
{
    private const uint Deny = Libc.SECCOMP_RET_ERRNO | Errno.EPERM;
    private const uint Missing = Libc.SECCOMP_RET_ERRNO | Errno.ENOSYS;

    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Fact]
    public void NumbersAndOffsetsAreTheCompilers()
    {
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        SystemCall[] calls = AllCalls();
        string lines = string.Concat(calls.Select(call =>
            $"#ifdef __NR_{call.Name}\nprintf(\"{call.Name} %d\\n\", __NR_{call.Name});\n#else\nprintf(\"{call.Name} -1\\n\");\n#endif\n"));
        Dictionary<string, long> expected = CCompiler.Run($$"""
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/syscall.h>
            #include <linux/seccomp.h>
            int main(void) {
            {{lines}}
            printf("nr %zu\narch %zu\nargs %zu\n", offsetof(struct seccomp_data, nr), offsetof(struct seccomp_data, arch), offsetof(struct seccomp_data, args));
            return 0; }
            """);

        // Headers may be older than a call, but not say another number.
        Assert.All(calls, call => Assert.Contains(expected[call.Name], (long[])[isArm ? call.Arm64 : call.X64, -1]));
        Assert.Equal(SystemCallFilter.NumberOffset, expected["nr"]);
        Assert.Equal(SystemCallFilter.ArchitectureOffset, expected["arch"]);
        Assert.Equal(SystemCallFilter.ArgumentsOffset, expected["args"]);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryDeniedCallIsRefusedAndNoBusyOne(Architecture architecture)
    {
        Assert.All(Numbers(SystemCallTable.Denied, architecture), number => Assert.Equal(Deny, Run(architecture, number)));
        Assert.All(Numbers(SystemCallTable.Busy, architecture), number => Assert.Equal(Libc.SECCOMP_RET_ALLOW, Run(architecture, number)));

        Assert.Equal(Missing, Run(architecture, Number(SystemCallTable.Clone3, architecture)));
        Assert.Equal(Missing, Run(architecture, SystemCallTable.FirstUnknown));
        Assert.Equal(Missing, Run(architecture, 0x40000000)); // x32
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void ItDependsOnArgumentsWhereItMust(Architecture architecture)
    {
        const ulong ThreadOfGlibc = 0x3D0F00;
        int clone = Number(SystemCallTable.Clone, architecture), socket = Number(SystemCallTable.Socket, architecture);
        int mmap = Number(SystemCallTable.Mmap, architecture), mprotect = Number(SystemCallTable.Mprotect, architecture);

        Assert.Equal(Libc.SECCOMP_RET_ALLOW, Run(architecture, clone, ThreadOfGlibc));
        Assert.Equal(Deny, Run(architecture, clone, 17)); // SIGCHLD: fork
        Assert.All([1, 2, 10, 16], family => Assert.Equal(Libc.SECCOMP_RET_ALLOW, Run(architecture, socket, (ulong)family)));
        Assert.All([17, 38, 40], family => Assert.Equal(Deny, Run(architecture, socket, (ulong)family))); // packets, crypto, machines
        Assert.Equal(Libc.SECCOMP_RET_ALLOW, Run(architecture, mmap, 0, 4096, 5)); // a library's code
        Assert.Equal(Libc.SECCOMP_RET_ALLOW, Run(architecture, mmap, 0, 4096, 3));
        Assert.Equal(Deny, Run(architecture, mmap, 0, 4096, 7));
        Assert.Equal(Libc.SECCOMP_RET_ALLOW, Run(architecture, mprotect, 0, 4096, 3));
        Assert.Equal(Deny, Run(architecture, mprotect, 0, 4096, 5));
    }

    [Fact]
    public void AnotherArchitecturesNumbersKill()
    {
        Assert.Equal(Libc.SECCOMP_RET_KILL_PROCESS, Execute(Architecture.X64, 0, Libc.AUDIT_ARCH_AARCH64, 0, 0, 0));
        Assert.Equal(-1, SystemCallFilter.Build(Architecture.X86, []));
    }

    private static uint Run(Architecture architecture, int number, ulong first = 0, ulong second = 0, ulong third = 0) =>
        Execute(architecture, number, architecture == Architecture.Arm64 ? Libc.AUDIT_ARCH_AARCH64 : Libc.AUDIT_ARCH_X86_64, first, second, third);

    /// <summary>Runs the filter as the kernel does.</summary>
    private static uint Execute(Architecture architecture, int number, uint auditArchitecture, params ulong[] arguments)
    {
        List<Libc.sock_filter> program = [];
        Assert.True(SystemCallFilter.Build(architecture, program) > 0);
        Assert.InRange(program.Count, 1, 4096); // BPF_MAXINSNS
        uint[] data = [(uint)number, auditArchitecture, 0, 0, .. arguments.SelectMany(argument => (uint[])[(uint)argument, (uint)(argument >> 32)])];
        uint accumulator = 0;
        for (int i = 0; ; i++)
        {
            Libc.sock_filter step = program[i];
            int operation = step.code & 0xF0;
            switch (step.code & 0x07)
            {
                case Libc.BPF_LD: accumulator = data[step.k / sizeof(uint)]; break;
                case Libc.BPF_ALU: accumulator &= step.k; break;
                case Libc.BPF_RET: return step.k;
                default: i += Holds(operation, accumulator, step.k) ? step.jt : step.jf; break;
            }
        }
    }

    private static bool Holds(int operation, uint accumulator, uint value) => operation switch
    {
        Libc.BPF_JEQ => accumulator == value,
        Libc.BPF_JGE => accumulator >= value,
        _ => (accumulator & value) != 0,
    };

    private static int Number(SystemCall call, Architecture architecture) => architecture == Architecture.Arm64 ? call.Arm64 : call.X64;

    private static int[] Numbers(ReadOnlySpan<SystemCall> calls, Architecture architecture) =>
        [.. calls.ToArray().Select(call => Number(call, architecture)).Where(number => number >= 0)];

    private static SystemCall[] AllCalls() =>
    [
        .. SystemCallTable.Busy, .. SystemCallTable.Denied, SystemCallTable.Clone, SystemCallTable.Clone3, SystemCallTable.Socket,
        SystemCallTable.Mmap, SystemCallTable.Mprotect, SystemCallTable.PkeyMprotect, SystemCallTable.Seccomp,
    ];
}
