using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Udp;

/// <summary>Reads and writes the control messages (cmsg(3)) of UDP sockets. Pure.</summary>
internal static class ControlMessages
{
    /// <summary>Room for every message a socket of ours sends or receives at once, in bytes.</summary>
    internal const int Capacity = 128;

    private static readonly int HeaderBytes = Align(Unsafe.SizeOf<Libc.cmsghdr>());

    /// <summary>Takes the source, traffic class and segment size out of a control buffer.</summary>
    /// <remarks>What is missing, cut or unknown leaves its field as it was.</remarks>
    internal static void Read(ReadOnlySpan<byte> control, ref ReceivedMessage message)
    {
        while (MemoryMarshal.TryRead(control, out Libc.cmsghdr header))
        {
            if (header.cmsg_len < (nuint)HeaderBytes || header.cmsg_len > (nuint)control.Length)
                return;

            int length = (int)header.cmsg_len;
            ReadOne(header, control[HeaderBytes..length], ref message);
            control = control[Math.Min(Align(length), control.Length)..];
        }
    }

    /// <summary>Writes one message behind those already there.</summary>
    /// <returns>How many bytes of the buffer are used with it.</returns>
    internal static int Append<T>(Span<byte> control, int used, int level, int type, T value)
        where T : unmanaged
    {
        int length = HeaderBytes + Unsafe.SizeOf<T>();
        Libc.cmsghdr header = new() { cmsg_len = (nuint)length, cmsg_level = level, cmsg_type = type };
        MemoryMarshal.Write(control[used..], header);
        MemoryMarshal.Write(control[(used + HeaderBytes)..], value);
        return used + Align(length);
    }

    private static void ReadOne(in Libc.cmsghdr header, ReadOnlySpan<byte> data, ref ReceivedMessage message)
    {
        switch ((header.cmsg_level, header.cmsg_type))
        {
            case (Libc.IPPROTO_IP, Libc.IP_PKTINFO) when MemoryMarshal.TryRead(data, out Libc.in_pktinfo v4):
                // The specific destination, not the header's: a broadcast cannot be answered from its destination.
                message.Source = UdpSource.V4(SockAddr.Network(v4.ipi_spec_dst), (uint)v4.ipi_ifindex);
                break;
            case (Libc.IPPROTO_IPV6, Libc.IPV6_PKTINFO) when MemoryMarshal.TryRead(data, out Libc.in6_pktinfo v6):
                message.Source = UdpSource.V6(
                    SockAddr.Network(v6.ipi6_addr.s6_high), SockAddr.Network(v6.ipi6_addr.s6_low), v6.ipi6_ifindex);
                break;
            case (Libc.IPPROTO_IP, Libc.IP_TOS) when data.Length >= 1:
                message.TrafficClass = data[0];
                break;
            case (Libc.IPPROTO_IPV6, Libc.IPV6_TCLASS) when MemoryMarshal.TryRead(data, out int trafficClass):
                message.TrafficClass = (byte)trafficClass;
                break;
            case (Libc.SOL_UDP, Libc.UDP_GRO) when MemoryMarshal.TryRead(data, out int segmentSize):
                message.SegmentSize = segmentSize;
                break;
            default:
                break;
        }
    }

    private static int Align(int length) => (length + nuint.Size - 1) & ~(nuint.Size - 1);
}
