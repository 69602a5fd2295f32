using Chasqui.Core.Config;

namespace Chasqui.Core;

/// <summary>A name that a peer's endpoint has and that is to be resolved.</summary>
/// <remarks>
/// Whoever takes one from <see cref="Tunnel.TryTakeNameQuery"/> gives it back once, with addresses or without: the name is not asked for
/// again before.
/// </remarks>
public sealed class NameQuery
{
    internal NameQuery(Peer peer, NamedEndpoint named)
    {
        Peer = peer;
        Named = named;
    }

    /// <summary>The name.</summary>
    public EndpointName Name => Named.Name;

    /// <summary>Whose endpoint it is.</summary>
    public Peer Peer { get; }

    internal NamedEndpoint Named { get; }
}
