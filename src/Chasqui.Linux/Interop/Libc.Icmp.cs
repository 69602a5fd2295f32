namespace Chasqui.Linux.Interop;

/// <content>Source: linux/icmp.h, linux/icmpv6.h, sys/socket.h.</content>
internal static partial class Libc
{
    internal const int SOL_RAW = 255;
    internal const int SOL_ICMPV6 = 58;

    // A bit for each type that is not wanted: of the first 32 types of ICMP, of all 256 of ICMPv6.
    internal const int ICMP_FILTER = 1;
    internal const int ICMPV6_FILTER = 1;
    internal const int Icmp6FilterWords = 8;
}
