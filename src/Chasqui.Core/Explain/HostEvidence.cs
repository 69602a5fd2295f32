namespace Chasqui.Core.Explain;

/// <summary>What the machine says of an interface and the ways of its packets. What is null is not known.</summary>
public sealed class HostEvidence
{
    /// <summary>Whether there is an interface of that name in this network namespace.</summary>
    public bool HasLink { get; init; }

    /// <summary>Whether it is up.</summary>
    public bool IsLinkUp { get; init; }

    /// <summary>Whether the daemon's UDP port is open in this namespace: elsewhere nothing is known of the ways to endpoints.</summary>
    public bool HasSocket { get; init; }

    /// <summary>The interface's addresses, without those of the link only.</summary>
    public IReadOnlyList<HostAddress> Addresses { get; init; } = [];

    /// <summary>Where packets for the peers' allowed addresses go.</summary>
    public IReadOnlyList<AllowedIpRoute> Routes { get; init; } = [];

    /// <summary>The ways to the peers' endpoints.</summary>
    public IReadOnlyList<EndpointWay> Ways { get; init; } = [];

    /// <summary>Echo requests to peers from which nothing but keepalives comes.</summary>
    public IReadOnlyList<EchoEvidence> Echoes { get; init; } = [];

    /// <summary>What fits through the tunnel, of peers of which it was measured.</summary>
    public IReadOnlyList<PathMtu> PathMtus { get; init; } = [];

    /// <summary>What the packet filter does to a first datagram that comes to the port.</summary>
    public FilterVerdict Incoming { get; init; }

    /// <summary>The rule or policy by which it does so.</summary>
    public string? IncomingRule { get; init; }

    /// <summary>Whether the kernel forwards IPv4 packets from the interface.</summary>
    public bool? IsForwarding { get; init; }

    /// <summary>IPv4 packets that came for others and were dropped while evidence was gathered, as the machine does not forward.</summary>
    public long NotForwarded { get; init; }

    /// <summary>The same since the machine started.</summary>
    public long NotForwardedEver { get; init; }

    /// <summary>Whether some rule translates source addresses of what is forwarded.</summary>
    public bool? HasMasquerade { get; init; }

    /// <summary>IPv4 packets that were forwarded since the machine started.</summary>
    public long ForwardedEver { get; init; }

    /// <summary>Whether the reverse path filter of the interface is strict.</summary>
    public bool IsReversePathStrict { get; init; }
}
