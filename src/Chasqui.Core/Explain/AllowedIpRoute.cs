using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>Where the machine sends packets for one of a peer's allowed addresses.</summary>
public sealed class AllowedIpRoute
{
    /// <summary>The peer.</summary>
    public required PublicKey Peer { get; init; }

    /// <summary>Its allowed addresses.</summary>
    public required IpPrefix Prefix { get; init; }

    /// <summary>The address of them that the kernel was asked about.</summary>
    public required IpAddress Asked { get; init; }

    /// <summary>Whether it goes into the tunnel.</summary>
    public required bool IsThroughTunnel { get; init; }

    /// <summary>The other interface by which it goes; null if there is none.</summary>
    public string? OtherInterface { get; init; }

    /// <summary>Whether some route leads the whole prefix into the tunnel: then it is another that is in its way.</summary>
    public bool HasRoute { get; init; }

    /// <summary>The route elsewhere, of all of the prefix or of a part, in the words of ip-route(8); null if there is none or it is not known.</summary>
    public string? Shadow { get; init; }
}
