using System.Net;

namespace Chasqui.Linux.Netlink;

/// <summary>An address of an interface as the kernel described it.</summary>
/// <param name="InterfaceIndex">The interface.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The bits of it that the link shares.</param>
/// <param name="Scope">The scope of rtnetlink(7): 0 for the universe, 253 for the link, 254 for the host.</param>
public readonly record struct AddressInfo(uint InterfaceIndex, IPAddress Address, int PrefixLength, byte Scope)
{
    /// <summary><c>address/length</c>.</summary>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
