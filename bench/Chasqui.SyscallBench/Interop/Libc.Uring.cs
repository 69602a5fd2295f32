using System.Runtime.InteropServices;

namespace Chasqui.SyscallBench.Interop;

/// <content>Source: linux/io_uring.h; the numbers of the calls are the same on every architecture.</content>
internal static unsafe partial class Libc
{
    internal const int SYS_io_uring_setup = 425;
    internal const int SYS_io_uring_enter = 426;
    internal const int SYS_io_uring_register = 427;

    internal const byte IORING_OP_SENDMSG = 9;
    internal const byte IORING_OP_RECVMSG = 10;
    internal const byte IORING_OP_READ = 22;
    internal const byte IORING_OP_WRITE = 23;
    internal const byte IORING_OP_SENDMSG_ZC = 48;
    internal const byte IORING_OP_READ_MULTISHOT = 49;

    internal const byte IOSQE_FIXED_FILE = 1 << 0;
    internal const byte IOSQE_IO_LINK = 1 << 2;
    internal const byte IOSQE_BUFFER_SELECT = 1 << 5;
    internal const byte IOSQE_CQE_SKIP_SUCCESS = 1 << 6;
    internal const ushort IORING_RECV_MULTISHOT = 1 << 1;

    internal const uint IORING_SETUP_SQPOLL = 1 << 1;
    internal const uint IORING_SETUP_SQ_AFF = 1 << 2;
    internal const uint IORING_SETUP_CQSIZE = 1 << 3;
    internal const uint IORING_SETUP_SUBMIT_ALL = 1 << 7;
    internal const uint IORING_SETUP_SINGLE_ISSUER = 1 << 12;
    internal const uint IORING_SETUP_DEFER_TASKRUN = 1 << 13;

    internal const uint IORING_ENTER_GETEVENTS = 1 << 0;
    internal const uint IORING_ENTER_SQ_WAKEUP = 1 << 1;
    internal const uint IORING_SQ_NEED_WAKEUP = 1 << 0;
    internal const uint IORING_CQE_F_BUFFER = 1 << 0;
    internal const uint IORING_CQE_F_MORE = 1 << 1;
    internal const uint IORING_CQE_F_NOTIF = 1 << 3;

    internal const long IORING_OFF_SQES = 0x10000000;
    internal const uint IORING_REGISTER_FILES = 2;
    internal const uint IORING_REGISTER_PBUF_RING = 22;

    /// <summary>A variadic function with whole numbers only: in assembly, so that the calling convention is the ordinary one.</summary>
    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct io_uring_sqe
    {
        [FieldOffset(0)] internal byte opcode;
        [FieldOffset(1)] internal byte flags;
        [FieldOffset(2)] internal ushort ioprio;
        [FieldOffset(4)] internal int fd;
        [FieldOffset(8)] internal ulong off;
        [FieldOffset(16)] internal void* addr;
        [FieldOffset(24)] internal uint len;
        [FieldOffset(28)] internal uint msg_flags;
        [FieldOffset(32)] internal ulong user_data;
        [FieldOffset(40)] internal ushort buf_group;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_uring_cqe
    {
        internal ulong user_data;
        internal int res;
        internal uint flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_uring_params
    {
        internal uint sq_entries;
        internal uint cq_entries;
        internal uint flags;
        internal uint sq_thread_cpu;
        internal uint sq_thread_idle;
        internal uint features;
        internal uint wq_fd;
        internal fixed uint resv[3];
        internal io_sqring_offsets sq_off;
        internal io_cqring_offsets cq_off;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_sqring_offsets
    {
        internal uint head;
        internal uint tail;
        internal uint ring_mask;
        internal uint ring_entries;
        internal uint flags;
        internal uint dropped;
        internal uint array;
        internal uint resv1;
        internal ulong user_addr;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_cqring_offsets
    {
        internal uint head;
        internal uint tail;
        internal uint ring_mask;
        internal uint ring_entries;
        internal uint overflow;
        internal uint cqes;
        internal uint flags;
        internal uint resv1;
        internal ulong user_addr;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_uring_buf
    {
        internal byte* addr;
        internal uint len;
        internal ushort bid;

        /// <summary>In the first entry: the ring's tail.</summary>
        internal ushort tail;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_uring_buf_reg
    {
        internal void* ring_addr;
        internal uint ring_entries;
        internal ushort bgid;
        internal ushort flags;
        internal fixed ulong resv[3];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct io_uring_recvmsg_out
    {
        internal uint namelen;
        internal uint controllen;
        internal uint payloadlen;
        internal uint flags;
    }
}
