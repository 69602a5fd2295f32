using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>What a <see cref="NetworkMonitor"/> listens to. Source: the groups of rtnetlink(7).</summary>
[Flags]
public enum NetworkEventSources
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Interfaces.</summary>
    Links = (int)Libc.RTMGRP_LINK,

    /// <summary>Routes of both families, and the IPv4 rules (those of IPv6 have no such group).</summary>
    Routes = (int)(Libc.RTMGRP_IPV4_ROUTE | Libc.RTMGRP_IPV6_ROUTE | Libc.RTMGRP_IPV4_RULE),

    /// <summary>Addresses of both families.</summary>
    Addresses = (int)(Libc.RTMGRP_IPV4_IFADDR | Libc.RTMGRP_IPV6_IFADDR),
}
