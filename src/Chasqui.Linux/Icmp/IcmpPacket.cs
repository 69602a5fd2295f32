using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Icmp;

/// <summary>What echo requests and news of lost datagrams have in common: raw sockets, and the headers around a message. Source: raw(7), RFC 791, RFC 792.</summary>
internal static class IcmpPacket
{
    /// <summary>Bytes of an IPv4 header without options, of an IPv6 header, and of the header of either family's messages.</summary>
    internal const int V4HeaderLength = 20, V6HeaderLength = 40, HeaderLength = 8;

    /// <summary>The protocol's number in IPv4.</summary>
    internal const byte Protocol = 1;

    /// <summary>Opens a raw socket that does not block, in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EPERM: it takes CAP_NET_RAW. EAFNOSUPPORT: the machine has no such family.</exception>
    internal static FileDescriptor OpenSocket(bool isV6)
    {
        int domain = isV6 ? Libc.AF_INET6 : Libc.AF_INET, protocol = isV6 ? Libc.IPPROTO_ICMPV6 : Libc.IPPROTO_ICMP;
        return FileDescriptor.FromResult(Libc.socket(domain, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, protocol), "socket", "ICMP");
    }

    /// <summary>What an IPv4 packet carries, if it is of a protocol; otherwise nothing.</summary>
    internal static ReadOnlySpan<byte> PayloadOfV4(ReadOnlySpan<byte> packet, byte protocol)
    {
        int header = packet.IsEmpty ? 0 : (packet[0] & 15) * 4;
        bool isWanted = packet.Length >= V4HeaderLength && packet[0] >> 4 == 4 && header >= V4HeaderLength && packet.Length >= header && packet[9] == protocol;
        return isWanted ? packet[header..] : default;
    }
}
