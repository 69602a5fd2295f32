using Chasqui.Core.Wire;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>The core's addresses and the kernel's, which must not know each other.</summary>
internal static class UdpMapping
{
    /// <summary>Where a datagram came from, and which of our addresses it came to.</summary>
    internal static Endpoint ToEndpoint(in ReceivedMessage message) => new(
        new IpEndpoint(ToAddress(message.Remote.IsV4, message.Remote.High, message.Remote.Low), message.Remote.Port, message.Remote.ScopeId),
        message.Source.IsNone ? default : ToAddress(message.Source.IsV4, message.Source.High, message.Source.Low),
        (int)message.Source.InterfaceIndex);

    /// <summary>The address to send to.</summary>
    internal static UdpAddress ToRemote(in IpEndpoint remote) => remote.Address.IsV4
        ? UdpAddress.V4((uint)(remote.Address.High >> 32), remote.Port)
        : UdpAddress.V6(remote.Address.High, remote.Address.Low, remote.Port, remote.ScopeId);

    /// <summary>The address to send from; none leaves it to the routing table.</summary>
    /// <remarks>
    /// The interface is left to the routing table in any case, as the kernel does: a datagram that is bound to the interface by which the
    /// peer's came is believed to be on link there if the way back leads elsewhere, and is lost. Source: the kernel's send4 and send6.
    /// </remarks>
    internal static UdpSource ToSource(in Endpoint endpoint) => endpoint.Source switch
    {
        { IsV4: true } source => UdpSource.V4((uint)(source.High >> 32), 0),
        { IsV6: true } source => UdpSource.V6(source.High, source.Low, 0),
        _ => default,
    };

    /// <summary>An address that was looked up.</summary>
    internal static IpEndpoint ToEndpoint(in UdpAddress address) =>
        new(ToAddress(address.IsV4, address.High, address.Low), address.Port, address.ScopeId);

    private static IpAddress ToAddress(bool isV4, ulong high, ulong low) =>
        isV4 ? IpAddress.V4((uint)(high >> 32)) : IpAddress.V6(high, low);
}
