using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Udp;

/// <summary>Buffers and headers for receiving many messages in one call, built once and used for ever.</summary>
/// <remarks>
/// Threads: one batch a thread. Ownership: what <see cref="Buffer"/> and <see cref="Messages"/> show is the caller's to change
/// (packets are opened in place) until the next receive. Memory: one pinned slab of messages × bytes.
/// </remarks>
public sealed unsafe class ReceiveBatch
{
    /// <summary>The longest message there can be, coalesced or not, in bytes.</summary>
    public const int MaximumMessageBytes = 65536;

    private readonly int _messageBytes;
    private readonly byte[] _slab;
    private readonly byte[] _names;
    private readonly ulong[] _controls;
    private readonly Libc.iovec[] _vectors;
    private readonly Libc.mmsghdr[] _headers;
    private readonly ReceivedMessage[] _messages;
    private int _count;

    /// <summary>Makes a batch of 8 messages of up to 64 KiB.</summary>
    public ReceiveBatch()
        : this(8, MaximumMessageBytes)
    {
    }

    /// <summary>Makes a batch.</summary>
    /// <param name="messages">How many messages one receive may give; 1 to 1024.</param>
    /// <param name="messageBytes">The longest message that is not cut off; a coalesced one may have 64 KiB.</param>
    public ReceiveBatch(int messages, int messageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(messages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messages, 1024);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(messageBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messageBytes, MaximumMessageBytes);
        _messageBytes = messageBytes;
        _slab = GC.AllocateUninitializedArray<byte>(messages * messageBytes, pinned: true);
        _names = GC.AllocateArray<byte>(messages * SockAddr.Capacity, pinned: true);
        _controls = GC.AllocateArray<ulong>(messages * ControlMessages.Capacity / sizeof(ulong), pinned: true);
        _vectors = GC.AllocateArray<Libc.iovec>(messages, pinned: true);
        _headers = GC.AllocateArray<Libc.mmsghdr>(messages, pinned: true);
        _messages = new ReceivedMessage[messages];
        Build();
    }

    /// <summary>The bytes of all messages; <see cref="ReceivedMessage.Offset"/> counts from its start.</summary>
    public Span<byte> Buffer => _slab;

    /// <summary>The messages of the last receive, in the order of arrival.</summary>
    public Span<ReceivedMessage> Messages => _messages.AsSpan(0, _count);

    /// <summary>Receives what there is, without waiting.</summary>
    /// <returns>
    /// How many messages; 0 if there are none. A negative error number for anything else: ENOMEM and ENOBUFS pass, EBADF does not.
    /// </returns>
    /// <remarks>Source: recvmmsg(2). A pending ICMP error cannot be returned: the socket is neither connected nor has IP_RECVERR.</remarks>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Receive(UdpSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Rewind();
        int received;
        do
        {
            // SAFETY: the arrays are pinned from birth, and this object, which a caller holds, keeps them alive.
            Libc.mmsghdr* headers = (Libc.mmsghdr*)Marshal.UnsafeAddrOfPinnedArrayElement(_headers, 0);
            received = Libc.recvmmsg(socket.Descriptor, headers, (uint)_headers.Length, Libc.MSG_DONTWAIT, null);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        if (received < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            return errno == Errno.EAGAIN ? 0 : -errno;
        }

        for (int i = 0; i < received; i++)
            Take(i);
        _count = received;
        return received;
    }

    private void Take(int index)
    {
        ref readonly Libc.mmsghdr header = ref _headers[index];
        ref ReceivedMessage message = ref _messages[index];
        int nameLength = (int)Math.Min(header.msg_hdr.msg_namelen, SockAddr.Capacity);
        int controlLength = (int)Math.Min(header.msg_hdr.msg_controllen, ControlMessages.Capacity);
        Span<byte> controls = MemoryMarshal.AsBytes(_controls.AsSpan());

        message = default;
        message.Offset = index * _messageBytes;
        message.Remote = SockAddr.Read(_names.AsSpan(index * SockAddr.Capacity, nameLength));
        message.IsTruncated = (header.msg_hdr.msg_flags & Libc.MSG_TRUNC) != 0;
        ControlMessages.Read(controls.Slice(index * ControlMessages.Capacity, controlLength), ref message);
        message.Complete(message.IsTruncated ? 0 : (int)Math.Min(header.msg_len, (uint)_messageBytes));
    }

    /// <summary>The kernel wrote how much it used of the names and controls of the last receive; all of it is free again.</summary>
    private void Rewind()
    {
        for (int i = 0; i < _count; i++)
        {
            _headers[i].msg_hdr.msg_namelen = SockAddr.Capacity;
            _headers[i].msg_hdr.msg_controllen = ControlMessages.Capacity;
        }

        _count = 0;
    }

    private void Build()
    {
        // SAFETY: all the arrays are pinned from birth and live as long as the headers that point into them.
        byte* slab = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_slab, 0);
        byte* names = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_names, 0);
        byte* controls = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, 0);
        Libc.iovec* vectors = (Libc.iovec*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, 0);
        for (int i = 0; i < _headers.Length; i++)
        {
            _vectors[i] = new Libc.iovec { iov_base = slab + (i * _messageBytes), iov_len = (nuint)_messageBytes };
            _headers[i].msg_hdr = new Libc.msghdr
            {
                msg_name = names + (i * SockAddr.Capacity),
                msg_namelen = SockAddr.Capacity,
                msg_iov = vectors + i,
                msg_iovlen = 1,
                msg_control = controls + (i * ControlMessages.Capacity),
                msg_controllen = ControlMessages.Capacity,
            };
        }
    }
}
