using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>An endpoint as it is written: a host and a service, which may be names.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Host">The host without brackets; may be empty, which no resolver finds.</param>
/// <param name="Service">The port as a number or a service's name; not empty.</param>
public readonly record struct ConfEndpoint(string Text, string Host, string Service)
{
    /// <summary>The address, if host and service are numbers.</summary>
    /// <remarks>
    /// What getaddrinfo(3) takes without asking anybody: IPv4 in inet_aton(3)'s forms, IPv6 without a scope. As there, a port number keeps
    /// its low 16 bits.
    /// </remarks>
    public bool TryGetAddress(out IpEndpoint endpoint) => TryGetAddress(null, out endpoint);

    /// <summary>The address, if the host is a number and the service a number or known.</summary>
    /// <param name="services">Finds the ports of service names; null knows none.</param>
    /// <param name="endpoint">The address.</param>
    public bool TryGetAddress(ServiceResolver? services, out IpEndpoint endpoint)
    {
        endpoint = default;
        if (!InetText.TryParse(Host, out IpAddress address) && !InetText.TryParseLoose(Host, out address))
        {
            return false;
        }

        ushort? port = TryParsePort(Service, out ushort number) ? number : services?.Invoke(Service);
        endpoint = port is null ? default : new IpEndpoint(address, port.Value);
        return port is not null;
    }

    /// <summary>The name that a device could resolve by itself.</summary>
    /// <param name="services">Finds the ports of service names; null knows none.</param>
    /// <param name="name">The name, with the port as a number.</param>
    /// <returns><see langword="false"/> for an address, which needs no resolving, and for what cannot be the name of a host and a port.</returns>
    public bool TryGetName(ServiceResolver? services, out EndpointName name)
    {
        name = default;
        if (Host.Contains(':') || InetText.TryParseLoose(Host, out _))
        {
            return false;
        }

        ushort? port = TryParsePort(Service, out ushort number) ? number : services?.Invoke(Service);
        return port is not null && EndpointName.TryMake(Host, port.Value, out name);
    }

    /// <summary>The text as it is written.</summary>
    public override string ToString() => Text;

    /// <summary>Reads a port as getaddrinfo(3) does: a C number whose low 32 bits are not negative; the low 16 count.</summary>
    internal static bool TryParsePort(ReadOnlySpan<char> service, out ushort port)
    {
        int number = unchecked((int)CNumber.ReadUnsigned(service, 10, out int consumed));
        port = unchecked((ushort)number);
        return consumed == service.Length && number >= 0;
    }
}
