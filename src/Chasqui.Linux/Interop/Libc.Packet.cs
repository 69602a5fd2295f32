using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: linux/if_packet.h, linux/if_ether.h, asm/sockios.h.</content>
internal static unsafe partial class Libc
{
    internal const int AF_PACKET = 17;
    internal const int SOL_PACKET = 263;
    internal const int PACKET_STATISTICS = 6;
    internal const int PACKET_OUTGOING = 4;
    internal const int ETH_P_ALL = 3;
    internal const int SO_ATTACH_FILTER = 26;
    internal const int SIOCGSTAMPNS = 0x8907;

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_ll
    {
        internal ushort sll_family;
        internal ushort sll_protocol;
        internal int sll_ifindex;
        internal ushort sll_hatype;
        internal byte sll_pkttype;
        internal byte sll_halen;
        internal fixed byte sll_addr[8];
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct tpacket_stats
    {
        internal uint tp_packets;
        internal uint tp_drops;
    }
}
