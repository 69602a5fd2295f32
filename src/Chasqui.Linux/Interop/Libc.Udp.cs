namespace Chasqui.Linux.Interop;

/// <content>Source: linux/udp.h.</content>
internal static partial class Libc
{
    internal const int SOL_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;
}
