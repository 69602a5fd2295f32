using System.Runtime.InteropServices;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Datagrams that lie apart are copied together before each sendmsg with UDP_SEGMENT, as the other choice beside gathering them.</summary>
internal sealed unsafe class CopySendWay(string name, int socket, Messages apart, Messages together) : Way(name)
{
    internal override int Run(int count)
    {
        int left = count;
        for (int at = 0; left > 0; at = (at + 1) % together.Count)
        {
            msghdr* to = &together.Headers[at].msg_hdr;
            Copy(&apart.Headers[at].msg_hdr, to->msg_iov->iov_base);
            if (sendmsg(socket, to, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
                throw new IOException($"{Name}: errno {Marshal.GetLastPInvokeError()}");
            left -= together.DatagramsEach;
        }

        return count - left;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        apart.Dispose();
        together.Dispose();
    }

    private static void Copy(msghdr* from, byte* to)
    {
        for (nuint i = 0; i < from->msg_iovlen; i++)
        {
            iovec piece = from->msg_iov[i];
            new ReadOnlySpan<byte>(piece.iov_base, (int)piece.iov_len).CopyTo(new Span<byte>(to, (int)piece.iov_len));
            to += piece.iov_len;
        }
    }
}
