using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>One peer's configuration and state at one moment.</summary>
public sealed class PeerSnapshot
{
    /// <summary>The peer's public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>The preshared key, or null for none.</summary>
    public PresharedKey? PresharedKey { get; init; }

    /// <summary>The endpoint; none if it was never set or learnt.</summary>
    public IpEndpoint Endpoint { get; init; }

    /// <summary>The name that the device resolves by itself; none if it was given none.</summary>
    public EndpointName EndpointName { get; init; }

    /// <summary>Wall time of the last completed handshake in nanoseconds since 1970; 0 for never.</summary>
    public long LastHandshakeUnixNanoseconds { get; init; }

    /// <summary>Bytes received from the peer: authenticated datagrams with their headers, handshakes included.</summary>
    public ulong ReceivedBytes { get; init; }

    /// <summary>Bytes sent to the peer, counted likewise.</summary>
    public ulong SentBytes { get; init; }

    /// <summary>Interval of persistent keepalives in seconds; 0 for off.</summary>
    public ushort PersistentKeepaliveSeconds { get; init; }

    /// <summary>The peer's allowed addresses.</summary>
    public IReadOnlyList<IpPrefix> AllowedIps { get; init; } = [];
}
