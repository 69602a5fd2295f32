using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Netlink;

/// <summary>Asks and tells the kernel about interfaces, addresses and routes of one network namespace.</summary>
/// <remarks>
/// Source: rtnetlink(7). Threads: one at a time. It stays in the namespace it was opened in; see
/// <see cref="NetworkNamespace.Run{T}"/>. Changes need CAP_NET_ADMIN there.
/// </remarks>
public sealed partial class Rtnetlink : IDisposable
{
    private const int PatienceMilliseconds = 5000;
    private const int RequestBytes = 256;

    private readonly FileDescriptor _socket;
    private readonly byte[] _buffer = new byte[NetlinkSocket.BufferBytes];
    private uint _sequence;

    private Rtnetlink(FileDescriptor socket) => _socket = socket;

    /// <summary>Opens a connection in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static Rtnetlink Open() => new(NetlinkSocket.Open(groups: 0));

    /// <summary>Finds an interface by its name.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="LinuxException">Anything but its absence.</exception>
    public bool TryGetLink(string name, out LinkInfo link)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return TryGetLink(BeginGetLink(stackalloc byte[RequestBytes], name), name, out link);
    }

    /// <summary>Finds an interface by its index.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="LinuxException">Anything but its absence.</exception>
    public bool TryGetLink(uint index, out LinkInfo link)
    {
        Libc.ifinfomsg message = new() { ifi_index = (int)index };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_GETLINK, 0, message);
        return TryGetLink(request, Subject(index), out link);
    }

    /// <summary>Finds an interface by its name in another network namespace.</summary>
    /// <param name="name">The name.</param>
    /// <param name="namespaceId">What <see cref="NumberOf"/> says of the namespace.</param>
    /// <param name="link">The interface.</param>
    internal bool TryGetLink(string name, int namespaceId, out LinkInfo link)
    {
        NetlinkRequest request = BeginGetLink(stackalloc byte[RequestBytes], name);
        request.Add(Libc.IFLA_TARGET_NETNSID, (uint)namespaceId);
        return TryGetLink(request, name, out link);
    }

    /// <summary>The number that this connection's namespace has for another one; it gives it one if it has none.</summary>
    /// <remarks>Source: RTM_GETNSID and RTM_NEWNSID of linux/net_namespace.h, which take the whole life of either for their own.</remarks>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    internal int NumberOf(FileDescriptor networkNamespace)
    {
        if (AskNumber(networkNamespace) is var known and >= 0)
            return known;

        NetlinkRequest request = BeginNamespace(stackalloc byte[RequestBytes], Libc.RTM_NEWNSID, networkNamespace);
        request.Add(Libc.NETNSA_NSID, unchecked((uint)Libc.NETNSA_NSID_NOT_ASSIGNED));
        int errno = Exchange(request, 0, out _);
        if (errno is not (0 or Errno.EEXIST))
            throw new LinuxException("RTM_NEWNSID", errno);
        return AskNumber(networkNamespace);
    }

    /// <summary>Asks which way a packet would go. Allocates nothing.</summary>
    /// <param name="query">The packet.</param>
    /// <param name="answer">Its way, if there is one.</param>
    /// <returns>0, or the kernel's reason why there is none: ENETUNREACH, EHOSTUNREACH, EINVAL for a source that is not ours.</returns>
    /// <exception cref="LinuxException">The socket is broken.</exception>
    public int GetRoute(in RouteQuery query, out RouteAnswer answer)
    {
        bool isV6 = query.Destination.IsV6;
        byte bits = (byte)(isV6 ? 128 : 32);
        bool hasSource = isV6 ? query.Source.IsV6 : query.Source.IsV4;
        Libc.rtmsg message = new()
        {
            rtm_family = (byte)(isV6 ? Libc.AF_INET6 : Libc.AF_INET),
            rtm_dst_len = bits,
            rtm_src_len = hasSource ? bits : (byte)0,
        };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_GETROUTE, 0, message);
        AddAddress(ref request, Libc.RTA_DST, query.Destination.High, query.Destination.Low, bits);
        if (hasSource)
            AddAddress(ref request, Libc.RTA_SRC, query.Source.High, query.Source.Low, bits);
        if (query.Mark != 0)
            request.Add(Libc.RTA_MARK, query.Mark);
        if (query.InterfaceIndex != 0)
            request.Add(Libc.RTA_OIF, query.InterfaceIndex);

        int errno = Exchange(request, Libc.RTM_NEWROUTE, out ReadOnlySpan<byte> body);
        return RtnetlinkMessages.TryReadRoute(body, out answer) || errno != 0 ? errno : Errno.ENETUNREACH;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static NetlinkRequest BeginGetLink(Span<byte> room, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name + '\0');
        NetlinkRequest request = NetlinkRequest.Begin(room, Libc.RTM_GETLINK, 0, default(Libc.ifinfomsg));
        request.Add(Libc.IFLA_IFNAME, bytes.AsSpan(0, Math.Min(bytes.Length, 64)));
        return request;
    }

    private static NetlinkRequest BeginNamespace(Span<byte> room, ushort type, FileDescriptor networkNamespace)
    {
        NetlinkRequest request = NetlinkRequest.Begin(room, type, 0, default(Libc.rtgenmsg));
        request.Add(Libc.NETNSA_FD, (uint)networkNamespace.DangerousFd);
        return request;
    }

    private int AskNumber(FileDescriptor networkNamespace)
    {
        NetlinkRequest request = BeginNamespace(stackalloc byte[RequestBytes], Libc.RTM_GETNSID, networkNamespace);
        int errno = Exchange(request, Libc.RTM_NEWNSID, out ReadOnlySpan<byte> body);
        if (errno != 0)
            throw new LinuxException("RTM_GETNSID", errno);

        AttributeReader attributes = new(body.Length < NetlinkReader.Align(1) ? default : body[NetlinkReader.Align(1)..]);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.NETNSA_NSID && MemoryMarshal.TryRead(value, out int id))
                return id;
        }

        return Libc.NETNSA_NSID_NOT_ASSIGNED;
    }

    private bool TryGetLink(NetlinkRequest request, string subject, out LinkInfo link)
    {
        int errno = Exchange(request, Libc.RTM_NEWLINK, out ReadOnlySpan<byte> body);

        // A name that is too long or empty is a name that nobody has.
        if (errno is not (0 or Errno.ENODEV or Errno.ERANGE or Errno.EINVAL))
            throw new LinuxException("RTM_GETLINK", subject, errno);
        return RtnetlinkMessages.TryReadLink(body, out link, out _);
    }

    /// <summary>Sends a request and reads until its acknowledgement.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answerType">The type of message that is the answer; 0 if none is expected.</param>
    /// <param name="answer">The body of the answer, in this object's buffer; empty if there was none.</param>
    /// <returns>0 or the kernel's error number.</returns>
    private int Exchange(NetlinkRequest request, ushort answerType, out ReadOnlySpan<byte> answer)
    {
        Send(request);
        answer = default;
        int kept = 0;
        while (true)
        {
            if (Poller.WaitOne(_socket, PollEvents.Read, PatienceMilliseconds) == PollEvents.None)
                return Errno.ETIMEDOUT;

            // The answer stays in the first half of the buffer while the acknowledgement is read into the second.
            Span<byte> free = _buffer.AsSpan(kept, _buffer.Length / 2);
            int received = NetlinkSocket.Receive(_socket, free);
            if (received < 0 && received != -Errno.EAGAIN)
                throw new LinuxException("recvfrom", "netlink", -received);
            if (TryFinish(free[..Math.Max(received, 0)], answerType, ref answer, out int errno))
                return errno;
            kept = answer.IsEmpty ? 0 : _buffer.Length / 2;
        }
    }

    private unsafe void Send(NetlinkRequest request)
    {
        Span<byte> bytes = request.End(++_sequence);
        fixed (byte* pointer = bytes)
        {
            if (Libc.send(_socket, pointer, (nuint)bytes.Length, 0) < 0)
                LinuxException.ThrowLast("send", "netlink");
        }
    }

    private bool TryFinish(ReadOnlySpan<byte> datagram, ushort answerType, ref ReadOnlySpan<byte> answer, out int errno)
    {
        errno = 0;
        NetlinkReader reader = new(datagram);
        while (reader.Next(out Libc.nlmsghdr header, out ReadOnlySpan<byte> body))
        {
            if (header.nlmsg_seq != _sequence)
                continue;

            if (header.nlmsg_type == Libc.NLMSG_ERROR && MemoryMarshal.TryRead(body, out int error))
            {
                errno = -error;
                return true;
            }

            if (header.nlmsg_type == answerType)
                answer = body;
        }

        return false;
    }

    private static void AddAddress(ref NetlinkRequest request, ushort type, ulong high, ulong low, int bits)
    {
        Libc.in6_addr address = SockAddr.Network(high, low);
        request.Add(type, MemoryMarshal.AsBytes(new ReadOnlySpan<Libc.in6_addr>(in address))[..(bits / 8)]);
    }

    private static byte Family(byte[] address) => (byte)(address.Length == 4 ? Libc.AF_INET : Libc.AF_INET6);

    private static string Subject(uint index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"interface {index}");
}
