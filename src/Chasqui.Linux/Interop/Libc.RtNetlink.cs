using System.Runtime.InteropServices;

namespace Chasqui.Linux.Interop;

/// <content>Source: linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/fib_rules.h, linux/net_namespace.h and, for IFF_UP, net/if.h.</content>
internal static partial class Libc
{
    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_DELLINK = 17;
    internal const ushort RTM_GETLINK = 18;
    internal const ushort RTM_NEWADDR = 20;
    internal const ushort RTM_DELADDR = 21;
    internal const ushort RTM_GETADDR = 22;
    internal const ushort RTM_NEWROUTE = 24;
    internal const ushort RTM_DELROUTE = 25;
    internal const ushort RTM_GETROUTE = 26;
    internal const ushort RTM_NEWRULE = 32;
    internal const ushort RTM_DELRULE = 33;
    internal const ushort RTM_GETRULE = 34;
    internal const ushort RTM_NEWNSID = 88;
    internal const ushort RTM_GETNSID = 90;

    internal const uint RTMGRP_LINK = 0x1;
    internal const int RTNLGRP_LINK = 1;
    internal const uint RTMGRP_IPV4_IFADDR = 0x10;
    internal const uint RTMGRP_IPV4_ROUTE = 0x40;
    internal const uint RTMGRP_IPV4_RULE = 0x80;
    internal const uint RTMGRP_IPV6_IFADDR = 0x100;
    internal const uint RTMGRP_IPV6_ROUTE = 0x400;

    internal const ushort IFLA_IFNAME = 3;
    internal const ushort IFLA_MTU = 4;
    internal const ushort IFLA_NEW_NETNSID = 45;
    internal const ushort IFLA_TARGET_NETNSID = 46;
    internal const ushort IFLA_NEW_IFINDEX = 49;

    internal const ushort NETNSA_NSID = 1;
    internal const ushort NETNSA_FD = 3;
    internal const int NETNSA_NSID_NOT_ASSIGNED = -1;

    internal const ushort IFA_ADDRESS = 1;
    internal const ushort IFA_LOCAL = 2;

    internal const ushort RTA_DST = 1;
    internal const ushort RTA_SRC = 2;
    internal const ushort RTA_OIF = 4;
    internal const ushort RTA_GATEWAY = 5;
    internal const ushort RTA_PRIORITY = 6;
    internal const ushort RTA_PREFSRC = 7;
    internal const ushort RTA_METRICS = 8;
    internal const ushort RTA_TABLE = 15;
    internal const ushort RTA_MARK = 16;
    internal const ushort RTAX_MTU = 2;

    internal const ushort FRA_PRIORITY = 6;
    internal const ushort FRA_FWMARK = 10;
    internal const ushort FRA_SUPPRESS_PREFIXLEN = 14;
    internal const ushort FRA_TABLE = 15;
    internal const byte FR_ACT_TO_TBL = 1;
    internal const uint FIB_RULE_INVERT = 0x2;

    internal const byte RT_TABLE_UNSPEC = 0;
    internal const byte RT_TABLE_MAIN = 254;
    internal const byte RTPROT_BOOT = 3;
    internal const byte RT_SCOPE_UNIVERSE = 0;
    internal const byte RT_SCOPE_LINK = 253;
    internal const byte RT_SCOPE_HOST = 254;
    internal const byte RTN_UNICAST = 1;

    internal const uint IFF_UP = 0x1;

    [StructLayout(LayoutKind.Sequential)]
    internal struct rtattr
    {
        internal ushort rta_len;
        internal ushort rta_type;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct rtgenmsg
    {
        internal byte rtgen_family;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ifinfomsg
    {
        internal byte ifi_family;
        internal byte __ifi_pad;
        internal ushort ifi_type;
        internal int ifi_index;
        internal uint ifi_flags;
        internal uint ifi_change;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct ifaddrmsg
    {
        internal byte ifa_family;
        internal byte ifa_prefixlen;
        internal byte ifa_flags;
        internal byte ifa_scope;
        internal uint ifa_index;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct rtmsg
    {
        internal byte rtm_family;
        internal byte rtm_dst_len;
        internal byte rtm_src_len;
        internal byte rtm_tos;
        internal byte rtm_table;
        internal byte rtm_protocol;
        internal byte rtm_scope;
        internal byte rtm_type;
        internal uint rtm_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct fib_rule_hdr
    {
        internal byte family;
        internal byte dst_len;
        internal byte src_len;
        internal byte tos;
        internal byte table;
        internal byte res1;
        internal byte res2;
        internal byte action;
        internal uint flags;
    }
}
