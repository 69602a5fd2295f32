using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Linux.Names;
using Chasqui.Linux.Udp;

namespace Chasqui.Names;

/// <summary>The machine's resolver: all addresses of a name, in both families, and how long they are good.</summary>
internal static class NameResolver
{
    /// <summary>For names whose source does not tell, such as those in /etc/hosts.</summary>
    internal static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromMinutes(5);

    /// <summary>Resolves a name. Blocks for as long as the resolver takes.</summary>
    internal static NameAnswer Resolve(EndpointName name)
    {
        string host = name.Host!;
        LookupResult result = AddressLookup.Resolve(host, name.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (!result.IsFound || result.Addresses.Count == 0)
        {
            return new NameAnswer([], default, result.IsFound ? "Neither IPv4 nor IPv6 address found" : result.Message);
        }

        List<IpEndpoint> addresses = new(result.Addresses.Count);
        foreach (UdpAddress address in result.Addresses)
        {
            addresses.Add(UdpMapping.ToEndpoint(address));
        }

        return new NameAnswer(addresses, FindTimeToLive(host, addresses), null);
    }

    private static TimeSpan FindTimeToLive(string host, List<IpEndpoint> addresses)
    {
        if (host.Contains(':') || IpAddress.TryParse(host, out _))
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan? shortest = null;
        foreach (bool isV6 in (ReadOnlySpan<bool>)[false, true])
        {
            if (addresses.Exists(address => address.Address.IsV6 == isV6) && NameTimeToLive.Find(host, isV6) is { } time)
            {
                shortest = shortest < time ? shortest : time;
            }
        }

        return shortest ?? DefaultTimeToLive;
    }
}
