using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>What the machine knows of the way to a peer's endpoint.</summary>
public sealed class EndpointWay
{
    /// <summary>The peer.</summary>
    public required PublicKey Peer { get; init; }

    /// <summary>The endpoint.</summary>
    public required IpEndpoint Endpoint { get; init; }

    /// <summary>The interface by which datagrams leave; null if there is no way.</summary>
    public string? Interface { get; init; }

    /// <summary>Whether that is the tunnel itself.</summary>
    public bool IsThroughTunnel { get; init; }

    /// <summary>Whether the endpoint is an address of this machine.</summary>
    public bool IsOwnAddress { get; init; }

    /// <summary>The address that they leave from; none if it is not known.</summary>
    public IpAddress Source { get; init; }

    /// <summary>The largest packet on that way in bytes; 0 if it is not known.</summary>
    public int Mtu { get; init; }

    /// <summary>Why there is no way, by errno(3); 0 if there is one.</summary>
    public int RouteError { get; init; }

    /// <summary>What became of datagrams that were sent there just now, by errno(3); 0 for nothing that is known.</summary>
    public int ProbeError { get; init; }

    /// <summary>Why the endpoint's name cannot be resolved; null if it can, or has none.</summary>
    public string? NameError { get; init; }

    /// <summary>Whether the reverse path filter drops answers that come by <see cref="Interface"/>: without the mark the way back is the tunnel.</summary>
    public bool IsAnswerFiltered { get; init; }
}
