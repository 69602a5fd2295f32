using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: netinet/in.h. Addresses and ports are in network order.</content>
internal static partial class Libc
{
    internal const int IPPROTO_IP = 0;
    internal const int IPPROTO_ICMP = 1;
    internal const int IPPROTO_UDP = 17;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPPROTO_ICMPV6 = 58;

    internal const int IP_TOS = 1;
    internal const int IP_PKTINFO = 8;
    internal const int IP_MTU_DISCOVER = 10;
    internal const int IP_RECVERR = 11;
    internal const int IP_RECVTOS = 13;
    internal const int IP_PMTUDISC_DONT = 0;
    internal const int IP_PMTUDISC_PROBE = 3;

    internal const int IPV6_MTU_DISCOVER = 23;
    internal const int IPV6_RECVERR = 25;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_RECVPKTINFO = 49;
    internal const int IPV6_PKTINFO = 50;
    internal const int IPV6_RECVTCLASS = 66;
    internal const int IPV6_TCLASS = 67;
    internal const int IPV6_DONTFRAG = 62;
    internal const int IPV6_PMTUDISC_DONT = 0;
    internal const int IPV6_PMTUDISC_PROBE = 3;

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_in
    {
        internal ushort sin_family;
        internal ushort sin_port;
        internal uint sin_addr;
        internal ulong sin_zero;
    }

    // C's in6_addr is a union of arrays aligned to 4; two halves in network order are its blittable form.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct in6_addr
    {
        internal ulong s6_high;
        internal ulong s6_low;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct sockaddr_in6
    {
        internal ushort sin6_family;
        internal ushort sin6_port;
        internal uint sin6_flowinfo;
        internal in6_addr sin6_addr;
        internal uint sin6_scope_id;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct in_pktinfo
    {
        internal int ipi_ifindex;
        internal uint ipi_spec_dst;
        internal uint ipi_addr;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct in6_pktinfo
    {
        internal in6_addr ipi6_addr;
        internal uint ipi6_ifindex;
    }
}
