using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Linux.Names;
using Chasqui.Linux.Udp;

namespace Chasqui.Quick.Reload;

/// <summary>All addresses that an endpoint's names stand for, asked for once.</summary>
internal static class EndpointAddresses
{
    /// <summary>Asks for them.</summary>
    /// <returns>None if the names do not resolve.</returns>
    internal static IReadOnlyList<IpEndpoint> Find(ConfEndpoint endpoint)
    {
        LookupResult result = AddressLookup.Resolve(endpoint.Host, endpoint.Service);
        return result.IsFound ? [.. result.Addresses.Select(ToEndpoint)] : [];
    }

    /// <summary>The port of a service.</summary>
    internal static ushort? FindPort(string service) =>
        AddressLookup.ResolveService(service) is { IsFound: true, Addresses: [{ Port: var port }, ..] } ? port : null;

    private static IpEndpoint ToEndpoint(UdpAddress address)
    {
        IpAddress host = address.IsV6 ? IpAddress.V6(address.High, address.Low) : IpAddress.V4((uint)(address.High >> 32));
        return new IpEndpoint(host, address.Port, address.ScopeId);
    }
}
