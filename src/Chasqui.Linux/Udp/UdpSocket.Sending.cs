using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Udp;

/// <content>Sending: one message for up to 64 datagrams where the kernel takes them together, one each where it does not.</content>
public sealed partial class UdpSocket
{
    /// <summary>The most datagrams in one call. Source: UDP_MAX_SEGMENTS of linux/udp.h; newer kernels take 128.</summary>
    public const int MaximumSegments = 64;

    private const int MaximumPayloadV4 = 65507;
    private const int MaximumPayloadV6 = 65527;
    /// <summary>Messages of one datagram in one call: 640 bytes of headers on the stack; ADR 6 has what more of them would win.</summary>
    private const int MessagesTogether = 8;
    private const int PatienceMilliseconds = 50;
    private const long PatienceNanoseconds = PatienceMilliseconds * 1_000_000L;

    /// <summary>Sends one or more datagrams to one receiver.</summary>
    /// <param name="datagrams">The datagrams, one after the other without gaps.</param>
    /// <param name="segmentSize">The length of each but the last, which may be shorter; 0 for a single datagram.</param>
    /// <param name="remote">The receiver; of this socket's family.</param>
    /// <param name="source">The address and interface to send from; none, or one of the other family, for the routing table's.</param>
    /// <param name="trafficClass">The TOS byte or traffic class of the outer header: DSCP and ECN.</param>
    /// <returns>Never an exception for what the network or the kernel does. See <see cref="SendResult"/>.</returns>
    /// <remarks>
    /// Threads: any, at once. Waits at most 50 ms for room in the socket's buffer, then gives up with EAGAIN. Does not allocate.
    /// When segmentation is refused, the same datagrams go one by one; see <see cref="UdpOffloadState"/> for when it is given up.
    /// Source: sendmsg(2), sendmmsg(2), UDP_SEGMENT in udp(7).
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public SendResult Send(
        ReadOnlySpan<byte> datagrams, int segmentSize, in UdpAddress remote, in UdpSource source, byte trafficClass)
    {
        if (remote.IsV6 != (Family == UdpFamily.V6) || remote.IsNone)
            return new SendResult(Errno.EAFNOSUPPORT, 0);

        Span<byte> name = stackalloc byte[SockAddr.Capacity];
        name = name[..SockAddr.Write(remote, name)];
        Span<byte> control = stackalloc byte[ControlMessages.Capacity];
        int controlLength = WriteControl(control, source, trafficClass);
        if (segmentSize <= 0 || segmentSize >= datagrams.Length)
        {
            int errno = Transmit(datagrams, name, control[..controlLength]);
            return new SendResult(errno, errno == 0 ? 1 : 0);
        }

        return SendMany(datagrams, segmentSize, name, control, controlLength);
    }

    private SendResult SendMany(
        ReadOnlySpan<byte> datagrams, int segmentSize, ReadOnlySpan<byte> name, Span<byte> control, int controlLength)
    {
        int maximumPayload = Family == UdpFamily.V4 ? MaximumPayloadV4 : MaximumPayloadV6;
        int perCall = Math.Clamp(maximumPayload / segmentSize, 1, MaximumSegments);
        int sent = 0;
        bool isSteppedDown = false;
        while (!datagrams.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = datagrams[..(int)Math.Min((long)perCall * segmentSize, datagrams.Length)];
            SendResult result = chunk.Length > segmentSize && _segmentation.IsOn
                ? SendSegmented(chunk, segmentSize, name, control, controlLength)
                : SendEach(chunk, segmentSize, name, control[..controlLength]);
            sent += result.Datagrams;
            isSteppedDown |= result.IsSteppedDown;
            if (!result.IsComplete)
                return result with { Datagrams = sent, IsSteppedDown = isSteppedDown };
            datagrams = datagrams[chunk.Length..];
        }

        return new SendResult(0, sent) { IsSteppedDown = isSteppedDown };
    }

    private SendResult SendSegmented(
        ReadOnlySpan<byte> chunk, int segmentSize, ReadOnlySpan<byte> name, Span<byte> control, int controlLength)
    {
        int withSegment = ControlMessages.Append(control, controlLength, Libc.SOL_UDP, Libc.UDP_SEGMENT, (ushort)segmentSize);
        int errno = Transmit(chunk, name, control[..withSegment]);
        if (errno == 0)
        {
            _segmentation.Accepted();
            return new SendResult(0, ((chunk.Length - 1) / segmentSize) + 1);
        }

        if (!Segmentation.IsWorthSplitting(errno))
            return new SendResult(errno, 0);

        // EINVAL is also what a vanished source address gives; then the first single datagram fails too, and segmentation is blameless.
        SendResult each = SendEach(chunk, segmentSize, name, control[..controlLength]);
        return each.Datagrams > 0 && _segmentation.Refused(errno) ? each with { IsSteppedDown = true } : each;
    }

    private SendResult SendEach(ReadOnlySpan<byte> chunk, int segmentSize, ReadOnlySpan<byte> name, ReadOnlySpan<byte> control)
    {
        int sent = 0;
        while (!chunk.IsEmpty)
        {
            int taken = chunk.Length > segmentSize ? TransmitSeveral(chunk, segmentSize, name, control) : 0;
            if (taken == 0)
            {
                // The last one; or the first of several was not taken, and alone it waits for room or says why not.
                int errno = Transmit(chunk[..Math.Min(segmentSize, chunk.Length)], name, control);
                if (errno != 0)
                    return new SendResult(errno, sent);
                taken = 1;
            }

            sent += taken;
            chunk = chunk[Math.Min(taken * segmentSize, chunk.Length)..];
        }

        return new SendResult(0, sent);
    }

    /// <summary>Hands up to <see cref="MessagesTogether"/> datagrams to the kernel, each a message, in one call.</summary>
    /// <returns>How many it took; 0 also when it has an error for the first, which is then worth asking for alone.</returns>
    private unsafe int TransmitSeveral(ReadOnlySpan<byte> chunk, int segmentSize, ReadOnlySpan<byte> name, ReadOnlySpan<byte> control)
    {
        Libc.iovec* vectors = stackalloc Libc.iovec[MessagesTogether];
        Libc.mmsghdr* messages = stackalloc Libc.mmsghdr[MessagesTogether];

        // SAFETY: the kernel reads payloads, name and control only during the call, while they are fixed; it writes the lengths in messages.
        fixed (byte* payloadPointer = chunk, namePointer = name, controlPointer = control)
        {
            uint count = 0;
            for (int at = 0; at < chunk.Length && count < MessagesTogether; at += segmentSize, count++)
            {
                vectors[count] = new Libc.iovec
                {
                    iov_base = payloadPointer + at,
                    iov_len = (nuint)Math.Min(segmentSize, chunk.Length - at),
                };
                messages[count].msg_hdr = new Libc.msghdr
                {
                    msg_name = namePointer,
                    msg_namelen = (uint)name.Length,
                    msg_iov = vectors + count,
                    msg_iovlen = 1,
                    msg_control = controlPointer,
                    msg_controllen = (nuint)control.Length,
                };
            }

            return Math.Max(0, Libc.sendmmsg(Descriptor, messages, count, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL));
        }
    }

    private int WriteControl(Span<byte> control, in UdpSource source, byte trafficClass)
    {
        int used = 0;
        if (Family == UdpFamily.V4)
        {
            Libc.in_pktinfo info = new()
            {
                ipi_ifindex = (int)source.InterfaceIndex,
                ipi_spec_dst = SockAddr.Network((uint)(source.High >> 32)),
            };
            used = source.IsV4 ? ControlMessages.Append(control, used, Libc.IPPROTO_IP, Libc.IP_PKTINFO, info) : used;
            return trafficClass == 0
                ? used
                : ControlMessages.Append(control, used, Libc.IPPROTO_IP, Libc.IP_TOS, (int)trafficClass);
        }

        Libc.in6_pktinfo info6 = new()
        {
            ipi6_addr = SockAddr.Network(source.High, source.Low),
            ipi6_ifindex = source.InterfaceIndex,
        };
        used = source.IsV6 ? ControlMessages.Append(control, used, Libc.IPPROTO_IPV6, Libc.IPV6_PKTINFO, info6) : used;
        return trafficClass == 0
            ? used
            : ControlMessages.Append(control, used, Libc.IPPROTO_IPV6, Libc.IPV6_TCLASS, (int)trafficClass);
    }

    /// <summary>Hands one message to the kernel.</summary>
    /// <returns>0 or the error number.</returns>
    private int Transmit(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> name, ReadOnlySpan<byte> control)
    {
        int errno = TransmitOnce(payload, name, control);
        if (errno is 0 or not (Errno.EAGAIN or Errno.EINTR))
            return errno;

        long deadline = BootClock.Now() + PatienceNanoseconds;
        while (errno is Errno.EAGAIN or Errno.EINTR && BootClock.Now() < deadline)
        {
            _ = Poller.WaitOne(Descriptor, PollEvents.Write, PatienceMilliseconds);
            errno = TransmitOnce(payload, name, control);
        }

        return errno;
    }

    private unsafe int TransmitOnce(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> name, ReadOnlySpan<byte> control)
    {
        // SAFETY: the kernel reads all four only during the call, while they are fixed; it writes to none of them.
        fixed (byte* payloadPointer = payload, namePointer = name, controlPointer = control)
        {
            Libc.iovec vector = new() { iov_base = payloadPointer, iov_len = (nuint)payload.Length };
            Libc.msghdr message = new()
            {
                msg_name = namePointer,
                msg_namelen = (uint)name.Length,
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = controlPointer,
                msg_controllen = (nuint)control.Length,
            };
            nint result = Libc.sendmsg(Descriptor, &message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            return result >= 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
