using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>recvmsg or recvmmsg until there is nothing more.</summary>
internal sealed unsafe class ReceiveWay : Way
{
    internal const int ControlBytes = 128;
    internal const int MessageBytes = 65536;

    private readonly int _socket;
    private readonly int _perCall;
    private readonly int _datagramBytes;
    private readonly Slab _slab;
    private readonly Slab _headers;

    internal ReceiveWay(string name, int socket, int perCall, int datagramBytes)
        : base(name)
    {
        _socket = socket;
        _perCall = perCall;
        _datagramBytes = datagramBytes;
        _slab = new Slab((nuint)(perCall * MessageBytes));
        _headers = new Slab((nuint)(perCall * (sizeof(mmsghdr) + sizeof(iovec) + sizeof(sockaddr_in) + ControlBytes)));
        iovec* vectors = (iovec*)(Headers + perCall);
        sockaddr_in* names = (sockaddr_in*)(vectors + perCall);
        byte* controls = (byte*)(names + perCall);
        for (int i = 0; i < perCall; i++)
        {
            vectors[i] = new iovec { iov_base = _slab.Pointer + (i * MessageBytes), iov_len = MessageBytes };
            Headers[i].msg_hdr = new msghdr
            {
                msg_name = names + i,
                msg_namelen = (uint)sizeof(sockaddr_in),
                msg_iov = vectors + i,
                msg_iovlen = 1,
                msg_control = controls + (i * ControlBytes),
                msg_controllen = ControlBytes,
            };
        }
    }

    private mmsghdr* Headers => (mmsghdr*)_headers.Pointer;

    internal override int Run(int count)
    {
        int datagrams = 0;
        while (true)
        {
            int received = RunOnce(MSG_DONTWAIT);
            if (received <= 0)
                return datagrams;
            datagrams += received;
        }
    }

    /// <summary>One call.</summary>
    /// <returns>How many datagrams it gave; nothing positive if there was none.</returns>
    internal int RunOnce(int flags)
    {
        int received = _perCall == 1 ? ReceiveOne(flags) : recvmmsg(_socket, Headers, (uint)_perCall, flags, null);
        int datagrams = 0;
        for (int i = 0; i < received; i++)
        {
            datagrams += ((int)Headers[i].msg_len + _datagramBytes - 1) / _datagramBytes;
            Headers[i].msg_hdr.msg_namelen = (uint)sizeof(sockaddr_in);
            Headers[i].msg_hdr.msg_controllen = ControlBytes;
        }

        return datagrams;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _slab.Dispose();
        _headers.Dispose();
    }

    private int ReceiveOne(int flags)
    {
        nint length = recvmsg(_socket, &Headers->msg_hdr, flags);
        Headers->msg_len = (uint)Math.Max(0, length);
        return length < 0 ? -1 : 1;
    }
}
