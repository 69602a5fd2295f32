using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Every message a request of an io_uring, all of them submitted by one call.</summary>
internal sealed unsafe class RingSendWay : Way
{
    private readonly int _socket;
    private readonly Messages _messages;
    private readonly byte _opcode;
    private readonly bool _isFixed;
    private readonly Ring _ring;

    internal RingSendWay(string name, int socket, Messages messages, byte opcode, bool isFixed, int pollingCore = -1)
        : base(name)
    {
        _socket = socket;
        _messages = messages;
        _opcode = opcode;
        _isFixed = isFixed;
        _ring = new Ring(64, pollingCore);
        if (isFixed)
            _ring.RegisterFile(socket);
    }

    internal override int Run(int count)
    {
        int left = count;
        while (left > 0)
        {
            for (int i = 0; i < _messages.Count; i++)
                Fill(_ring.Next(), i);
            _ring.Submit((uint)_messages.Count);
            Complete();
            left -= _messages.Count * _messages.DatagramsEach;
        }

        return count - left;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _ring.Dispose();
        _messages.Dispose();
    }

    private void Fill(io_uring_sqe* request, int index)
    {
        request->opcode = _opcode;
        request->flags = _isFixed ? IOSQE_FIXED_FILE : (byte)0;
        request->fd = _isFixed ? 0 : _socket;
        request->addr = &_messages.Headers[index].msg_hdr;
        request->len = 1;
        request->msg_flags = MSG_NOSIGNAL;
    }

    /// <summary>Until every request is done and every buffer free again (a request without copy has two completions).</summary>
    private void Complete()
    {
        int open = _messages.Count;
        while (open > 0)
        {
            if (!_ring.TryReap(out io_uring_cqe completion))
            {
                _ring.Submit(1);
                continue;
            }

            if (completion.res < 0 && (completion.flags & IORING_CQE_F_NOTIF) == 0)
                throw new IOException($"{Name}: errno {-completion.res}");
            open -= (completion.flags & IORING_CQE_F_MORE) == 0 ? 1 : 0;
        }
    }
}
