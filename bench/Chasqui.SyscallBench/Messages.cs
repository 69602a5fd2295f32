using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Headers for sendmsg and its kin, built once, and the datagrams they point to.</summary>
internal sealed unsafe class Messages : IDisposable
{
    /// <summary>How far apart datagrams lie that are gathered: as packets of a batch do in a slab.</summary>
    private const int GatheredPace = 2048;
    private const int ControlBytes = 64;

    private readonly Slab _slab;
    private readonly Slab _headers;

    internal Messages(int messages, MessageShape shape, sockaddr_in* remote)
    {
        Count = messages;
        DatagramsEach = shape.Datagrams;
        int pace = shape.IsGathered ? GatheredPace : shape.DatagramBytes;
        int vectors = shape.IsGathered ? shape.Datagrams : 1;
        int perMessage = sizeof(mmsghdr) + ControlBytes + (vectors * sizeof(iovec));
        _slab = new Slab((nuint)(messages * shape.Datagrams * pace));
        _headers = new Slab((nuint)(messages * perMessage));
        new Random(1).NextBytes(new Span<byte>(_slab.Pointer, messages * shape.Datagrams * pace));
        mmsghdr* headers = Headers;
        iovec* vector = (iovec*)(headers + messages);
        byte* control = (byte*)(vector + (messages * vectors));
        byte* datagrams = _slab.Pointer;
        for (int i = 0; i < messages; i++)
        {
            headers[i].msg_hdr = new msghdr
            {
                msg_name = remote,
                msg_namelen = remote == null ? 0 : (uint)sizeof(sockaddr_in),
                msg_iov = vector,
                msg_iovlen = (nuint)vectors,
            };
            WriteControl(ref headers[i].msg_hdr, control, shape);
            for (int v = 0; v < vectors; v++, datagrams += shape.IsGathered ? pace : pace * shape.Datagrams)
                *vector++ = new iovec { iov_base = datagrams, iov_len = (nuint)(shape.DatagramBytes * (shape.IsGathered ? 1 : shape.Datagrams)) };
            control += ControlBytes;
        }
    }

    internal int Count { get; }

    internal int DatagramsEach { get; }

    internal mmsghdr* Headers => (mmsghdr*)_headers.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        _slab.Dispose();
        _headers.Dispose();
    }

    private static void WriteControl(ref msghdr message, byte* control, MessageShape shape)
    {
        byte* end = control;
        if (shape.NamesSource)
        {
            // No interface and no address: the look-up is done again as with one, and any namespace's route will do.
            *(cmsghdr*)end = new cmsghdr { cmsg_len = 28, cmsg_level = IPPROTO_IP, cmsg_type = IP_PKTINFO };
            end += 32;
        }

        if (shape.Datagrams > 1)
        {
            *(cmsghdr*)end = new cmsghdr { cmsg_len = 18, cmsg_level = SOL_UDP, cmsg_type = UDP_SEGMENT };
            *(ushort*)(end + sizeof(cmsghdr)) = (ushort)shape.DatagramBytes;
            end += 24;
        }

        message.msg_control = end == control ? null : control;
        message.msg_controllen = (nuint)(end - control);
    }
}
