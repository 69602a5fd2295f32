using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>One recvmsg request that stays and completes once for each message, into provided buffers.</summary>
internal sealed unsafe class RingReceiveWay : Way
{
    private const int Patience = 1000;
    private const ulong Mine = 1;

    private readonly int _socket;
    private readonly int _datagramBytes;
    private readonly Ring _ring = new(64);
    private readonly ProvidedBuffers _buffers;
    private readonly Slab _header = new((nuint)sizeof(msghdr));
    private bool _isArmed;

    internal RingReceiveWay(string name, int socket, uint buffers, int datagramBytes)
        : base(name)
    {
        _socket = socket;
        _datagramBytes = datagramBytes;
        _buffers = new ProvidedBuffers(_ring, buffers, ReceiveWay.MessageBytes + 256);
        _ring.RegisterFile(socket);
        *(msghdr*)_header.Pointer = new msghdr { msg_namelen = (uint)sizeof(sockaddr_in), msg_controllen = ReceiveWay.ControlBytes };
    }

    /// <summary>For other requests, of which only failures may complete, in the same call.</summary>
    internal Ring Ring => _ring;

    internal override int Run(int count)
    {
        int datagrams = 0, idle = 0;
        while (datagrams < count && idle < Patience)
        {
            Arm();
            _ring.Submit(0);
            int received = Reap();
            datagrams += received;
            idle = received == 0 ? idle + 1 : 0;
        }

        return datagrams;
    }

    /// <summary>Waits for messages and takes them.</summary>
    internal int WaitAndReap()
    {
        Arm();
        _ring.Submit(1);
        return Reap();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _ring.Dispose();
        _buffers.Dispose();
        _header.Dispose();
    }

    private void Arm()
    {
        if (_isArmed)
            return;
        io_uring_sqe* request = _ring.Next();
        request->opcode = IORING_OP_RECVMSG;
        request->flags = IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
        request->ioprio = IORING_RECV_MULTISHOT;
        request->addr = _header.Pointer;
        request->len = 1;
        request->user_data = Mine;
        _isArmed = true;
    }

    private int Reap()
    {
        int datagrams = 0;
        while (_ring.TryReap(out io_uring_cqe completion))
        {
            _isArmed &= completion.user_data != Mine || (completion.flags & IORING_CQE_F_MORE) != 0;
            if ((completion.flags & IORING_CQE_F_BUFFER) == 0)
                continue;
            uint bytes = ((io_uring_recvmsg_out*)_buffers.Of(completion.flags))->payloadlen;
            datagrams += ((int)bytes + _datagramBytes - 1) / _datagramBytes;
            _buffers.Return(completion.flags);
        }

        _buffers.Publish();
        return datagrams;
    }
}
