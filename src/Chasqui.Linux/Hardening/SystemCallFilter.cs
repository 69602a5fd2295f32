using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>A filter that refuses what a program never asks for once it has been set up. Source: seccomp(2).</summary>
/// <remarks>
/// A list of what is refused and not of what is allowed: which calls a runtime and a C library make in a corner is theirs to change, and
/// a daemon that dies of a new C library protects nobody. Calls that the list's authors cannot have known are refused as a whole.
/// Refused calls fail with EPERM or ENOSYS; nothing is killed but a call by another architecture's numbers.
/// </remarks>
public static unsafe class SystemCallFilter
{
    // Within struct seccomp_data; of an argument the lower half comes first on these machines.
    internal const int NumberOffset = 0;
    internal const int ArchitectureOffset = 4;
    internal const int ArgumentsOffset = 16;

    private const uint Deny = Libc.SECCOMP_RET_ERRNO | Errno.EPERM;
    private const uint Missing = Libc.SECCOMP_RET_ERRNO | Errno.ENOSYS;
    private static readonly int[] Families = [Libc.AF_UNIX, Libc.AF_INET, Libc.AF_INET6, Libc.AF_NETLINK];

    /// <summary>Refuses, on every thread there is and will be: other programs, processes, namespaces and users, mounts, modules, memory
    /// that is both written and executed, sockets of other families than IP's, UNIX's and netlink's, and changes to files.</summary>
    /// <returns>0, or the kernel's reason: ENOSYS or EINVAL where it has no filters or this architecture is not known here.</returns>
    public static int Apply()
    {
        List<Libc.sock_filter> program = [];
        int seccomp = Build(RuntimeInformation.ProcessArchitecture, program);
        if (seccomp < 0)
            return Errno.ENOSYS;

        fixed (Libc.sock_filter* instructions = CollectionsMarshal.AsSpan(program))
        {
            Libc.sock_fprog filter = new() { len = (ushort)program.Count, filter = instructions };

            // Without SPEC_ALLOW kernels before 5.16 turn off the processor's speculation around stores, which costs every packet.
            nint result = Libc.syscall(
                seccomp, (void*)Libc.SECCOMP_SET_MODE_FILTER, Libc.SECCOMP_FILTER_FLAG_TSYNC | Libc.SECCOMP_FILTER_FLAG_SPEC_ALLOW, (nuint)(&filter), 0);

            // A positive number is a thread that has a filter of its own.
            return result < 0 ? Marshal.GetLastPInvokeError() : result > 0 ? Errno.EBUSY : 0;
        }
    }

    /// <summary>Writes the filter for an architecture.</summary>
    /// <returns>The number of seccomp(2), or -1 for an architecture that is not known here.</returns>
    internal static int Build(Architecture architecture, List<Libc.sock_filter> program)
    {
        bool isArm = architecture == Architecture.Arm64;
        if (!isArm && architecture != Architecture.X64)
            return -1;

        program.Add(Load(ArchitectureOffset));
        Return(program, Libc.BPF_JEQ, isArm ? Libc.AUDIT_ARCH_AARCH64 : Libc.AUDIT_ARCH_X86_64, Libc.SECCOMP_RET_KILL_PROCESS, isUnless: true);
        program.Add(Load(NumberOffset));
        ReturnFor(program, SystemCallTable.Busy, isArm, Libc.SECCOMP_RET_ALLOW);
        Return(program, Libc.BPF_JGE, SystemCallTable.FirstUnknown, Missing, isUnless: false);
        ReturnFor(program, [SystemCallTable.Clone3], isArm, Missing);
        ReturnFor(program, SystemCallTable.Denied, isArm, Deny);
        AddArguments(program, isArm);
        program.Add(Return(Libc.SECCOMP_RET_ALLOW));
        return Number(SystemCallTable.Seccomp, isArm);
    }

    /// <summary>The calls of which it depends on an argument; each block begins with the call's number loaded, and ends the filter.</summary>
    private static void AddArguments(List<Libc.sock_filter> program, bool isArm)
    {
        Block(program, Number(SystemCallTable.Clone, isArm), 0, check => Return(check, Libc.BPF_JSET, Libc.CLONE_THREAD, Deny, isUnless: true));
        Block(program, Number(SystemCallTable.Socket, isArm), 0, check =>
        {
            foreach (int family in Families)
                Return(check, Libc.BPF_JEQ, (uint)family, Libc.SECCOMP_RET_ALLOW, isUnless: false);
            check.Add(Return(Deny));
        });
        Block(program, Number(SystemCallTable.Mmap, isArm), 2, check =>
        {
            check.Add(new() { code = Libc.BPF_ALU | Libc.BPF_AND | Libc.BPF_K, k = Libc.PROT_WRITE | Libc.PROT_EXEC });
            Return(check, Libc.BPF_JEQ, Libc.PROT_WRITE | Libc.PROT_EXEC, Deny, isUnless: false);
        });
        foreach (SystemCall protect in (ReadOnlySpan<SystemCall>)[SystemCallTable.Mprotect, SystemCallTable.PkeyMprotect])
            Block(program, Number(protect, isArm), 2, check => Return(check, Libc.BPF_JSET, Libc.PROT_EXEC, Deny, isUnless: false));
    }

    private static void Block(List<Libc.sock_filter> program, int number, int argument, Action<List<Libc.sock_filter>> writeCheck)
    {
        List<Libc.sock_filter> check = [Load(ArgumentsOffset + (argument * sizeof(ulong)))];
        writeCheck(check);
        check.Add(Return(Libc.SECCOMP_RET_ALLOW));
        program.Add(Jump(Libc.BPF_JEQ, (uint)number, 0, (byte)check.Count));
        program.AddRange(check);
    }

    private static void ReturnFor(List<Libc.sock_filter> program, ReadOnlySpan<SystemCall> calls, bool isArm, uint verdict)
    {
        foreach (SystemCall call in calls)
        {
            if (Number(call, isArm) is var number and >= 0)
                Return(program, Libc.BPF_JEQ, (uint)number, verdict, isUnless: false);
        }
    }

    /// <summary>Ends the filter with a verdict if a comparison holds, or unless it does.</summary>
    private static void Return(List<Libc.sock_filter> program, ushort comparison, uint value, uint verdict, bool isUnless)
    {
        program.Add(Jump(comparison, value, (byte)(isUnless ? 1 : 0), (byte)(isUnless ? 0 : 1)));
        program.Add(Return(verdict));
    }

    private static Libc.sock_filter Load(int offset) => new() { code = Libc.BPF_LD | Libc.BPF_W | Libc.BPF_ABS, k = (uint)offset };

    private static Libc.sock_filter Jump(ushort comparison, uint value, byte ifTrue, byte ifFalse) =>
        new() { code = (ushort)(Libc.BPF_JMP | comparison | Libc.BPF_K), k = value, jt = ifTrue, jf = ifFalse };

    private static Libc.sock_filter Return(uint verdict) => new() { code = Libc.BPF_RET | Libc.BPF_K, k = verdict };

    private static int Number(SystemCall call, bool isArm) => isArm ? call.Arm64 : call.X64;
}
