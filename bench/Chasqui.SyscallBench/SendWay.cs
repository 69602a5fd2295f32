using System.Runtime.InteropServices;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>sendmsg for each message, or sendmmsg for several.</summary>
internal sealed unsafe class SendWay(string name, int socket, Messages messages, int perCall, int flags = 0) : Way(name)
{
    /// <summary>How many messages are sent between two looks into the error queue, where the kernel says which buffers are free again.</summary>
    private const int NoticesAfter = 16;

    private readonly int _flags = flags | MSG_DONTWAIT | MSG_NOSIGNAL;

    internal override int Run(int count)
    {
        int left = count, at = 0, unacknowledged = 0;
        while (left > 0)
        {
            int done = perCall == 1 ? SendOne(at) : sendmmsg(socket, messages.Headers + at, (uint)perCall, _flags);
            if (done <= 0)
                throw new IOException($"{Name}: errno {Marshal.GetLastPInvokeError()}");
            left -= done * messages.DatagramsEach;
            at = (at + done) % messages.Count;
            unacknowledged += done;
            if ((_flags & MSG_ZEROCOPY) != 0 && (unacknowledged >= NoticesAfter || left <= 0))
            {
                ReadNotices();
                unacknowledged = 0;
            }
        }

        return count - left;
    }

    /// <inheritdoc/>
    public override void Dispose() => messages.Dispose();

    private int SendOne(int at) => sendmsg(socket, &messages.Headers[at].msg_hdr, _flags) < 0 ? -1 : 1;

    private void ReadNotices()
    {
        byte* control = stackalloc byte[128];
        msghdr notice = new() { msg_control = control, msg_controllen = 128 };
        while (recvmsg(socket, &notice, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
            notice.msg_controllen = 128;
    }
}
