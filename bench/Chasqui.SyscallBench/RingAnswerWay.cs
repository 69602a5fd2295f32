using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Waits for completions of a multishot receive, and answers by sendmsg or by a request that goes with the next wait.</summary>
internal sealed unsafe class RingAnswerWay(string name, int socket, Messages answer, bool answersByRing) : Way(name)
{
    private readonly RingReceiveWay _receive = new(name, socket, 8, LatencyGroup.DatagramBytes);

    internal override int Run(int count)
    {
        int answered = 0;
        while (answered < count)
        {
            int received = _receive.WaitAndReap();
            for (int i = 0; i < received; i++)
                Answer();
            answered += received;
        }

        if (answersByRing)
            _receive.Ring.Submit(0);
        return answered;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _receive.Dispose();
        answer.Dispose();
        _ = close(socket);
    }

    private void Answer()
    {
        if (!answersByRing)
        {
            _ = sendmsg(socket, &answer.Headers->msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL);
            return;
        }

        io_uring_sqe* request = _receive.Ring.Next();
        request->opcode = IORING_OP_SENDMSG;
        request->flags = IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
        request->addr = &answer.Headers->msg_hdr;
        request->len = 1;
        request->msg_flags = MSG_NOSIGNAL;
    }
}
