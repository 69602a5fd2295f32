using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Waits for a datagram by poll, by a receive that blocks, or not at all; receives and answers it.</summary>
internal sealed unsafe class AnswerWay(string name, int socket, Messages answer, int perCall, AnswerWait wait) : Way(name)
{
    private readonly ReceiveWay _receive = new(name, socket, perCall, LatencyGroup.DatagramBytes);

    internal override int Run(int count)
    {
        pollfd ready = new() { fd = socket, events = POLLIN };
        int answered = 0;
        while (answered < count)
        {
            if (wait == AnswerWait.Poll)
                _ = poll(&ready, 1, 1000);
            int received = wait == AnswerWait.Block ? _receive.RunOnce(0) : _receive.RunOnce(MSG_DONTWAIT);
            for (int i = 0; i < received; i++)
                _ = sendmsg(socket, &answer.Headers->msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL);
            answered += received;
        }

        return answered;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _receive.Dispose();
        answer.Dispose();
        _ = close(socket);
    }
}
