using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>A network interface as the kernel described it.</summary>
/// <param name="Index">Its number, unique in its namespace.</param>
/// <param name="Name">Its name; empty if the message had none.</param>
/// <param name="Flags">IFF_ flags of net/if.h.</param>
/// <param name="Mtu">The largest packet in bytes; 0 if the message did not say.</param>
public readonly record struct LinkInfo(uint Index, string Name, uint Flags, int Mtu)
{
    /// <summary>Whether it is administratively up.</summary>
    public bool IsUp => (Flags & Libc.IFF_UP) != 0;
}
