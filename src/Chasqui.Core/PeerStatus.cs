using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>One peer at one moment, for whoever wants to know why it is silent. Holds no private or preshared key.</summary>
public sealed class PeerStatus
{
    /// <summary>The peer's public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Whether there is a preshared key.</summary>
    public bool HasPresharedKey { get; init; }

    /// <summary>Where the peer is; none if it was never set or learnt.</summary>
    public IpEndpoint Endpoint { get; init; }

    /// <summary>The name that the device resolves by itself; none if it was given none.</summary>
    public EndpointName EndpointName { get; init; }

    /// <summary>The peer's allowed addresses.</summary>
    public IReadOnlyList<IpPrefix> AllowedIps { get; init; } = [];

    /// <summary>Interval of persistent keepalives in seconds; 0 for off.</summary>
    public ushort PersistentKeepaliveSeconds { get; init; }

    /// <summary>Bytes received from the peer: authenticated datagrams with their headers, handshakes included.</summary>
    public ulong ReceivedBytes { get; init; }

    /// <summary>Bytes sent to the peer, counted likewise.</summary>
    public ulong SentBytes { get; init; }

    /// <summary>Authentic messages received from the peer, handshakes and keepalives included.</summary>
    public ulong ReceivedPackets { get; init; }

    /// <summary>Messages sent to the peer, counted likewise.</summary>
    public ulong SentPackets { get; init; }

    /// <summary>Handshakes completed since the peer was added.</summary>
    public long CompletedHandshakes { get; init; }

    /// <summary>Wall time of the last completed handshake in nanoseconds since 1970; 0 for never.</summary>
    public long LastHandshakeUnixNanoseconds { get; init; }

    /// <summary>
    /// When the peer's own clock dated the last initiation of it that was accepted, in nanoseconds since 1970; 0 for none. Earlier ones are refused.
    /// </summary>
    public long LastTimestampUnixNanoseconds { get; init; }

    /// <summary>Since the last authentic message from the peer; null for never.</summary>
    public TimeSpan? SinceReceived { get; init; }

    /// <summary>Packets sent through the tunnel since the last one came through it; keepalives do not count.</summary>
    public ulong UnansweredPackets { get; init; }

    /// <summary>Since the first of <see cref="UnansweredPackets"/>; null if there are none.</summary>
    public TimeSpan? UnansweredFor { get; init; }

    /// <summary>Age of the session that sends; null if there is none, or it may send no more.</summary>
    public TimeSpan? SessionAge { get; init; }

    /// <summary>Whether an initiation of ours is unanswered, or waits until it may be sent.</summary>
    public bool IsHandshaking { get; init; }

    /// <summary>Initiations sent again in a row without a response.</summary>
    public int HandshakeAttempts { get; init; }

    /// <summary>Responses sent since a session was last confirmed. Two and more: the peer does not take them, as with another preshared key.</summary>
    public int UnconfirmedResponses { get; init; }

    /// <summary>From our last answered initiation to its response: a round trip, with the peer's calculation in it.</summary>
    public TimeSpan? HandshakeRoundTrip { get; init; }

    /// <summary>Packets that wait for a session.</summary>
    public int StagedPackets { get; init; }

    /// <summary>Data messages accepted in the session that is in use.</summary>
    public ulong SessionPackets { get; init; }

    /// <summary>Data messages of that session that have not come although later ones have: lost, or still under way.</summary>
    public ulong SessionPacketsMissing { get; init; }

    /// <summary>Packets dropped, by reason; those with 0 are left out.</summary>
    public IReadOnlyDictionary<DropReason, long> Drops { get; init; } = new Dictionary<DropReason, long>();
}
