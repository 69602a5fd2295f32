namespace Chasqui.Benchmarks.Routing;

/// <summary>Which prefixes a table holds.</summary>
public enum TableKind
{
    /// <summary>Hosts of one IPv4 network, as a hub has them.</summary>
    HostsV4,

    /// <summary>IPv4 prefixes of six lengths, anywhere.</summary>
    SixLengthsV4,

    /// <summary>IPv6 networks of /64.</summary>
    NetworksV6,
}
