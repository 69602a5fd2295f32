using Chasqui.Core;

namespace Chasqui.Metrics;

/// <content>The metrics of peers.</content>
internal static partial class MetricFamilies
{
    private const decimal NanosecondsPerSecond = 1_000_000_000;

    private static IEnumerable<MetricFamily> OfPeers() =>
    [
        Peers("peer_received_bytes", MetricKind.Counter, "bytes", "Authentic bytes received, headers included.", static (_, peer) => peer.ReceivedBytes),
        Peers("peer_sent_bytes", MetricKind.Counter, "bytes", "Bytes sent, headers included.", static (_, peer) => peer.SentBytes),
        Peers("peer_received_packets", MetricKind.Counter, null, "Authentic messages received, handshakes and keepalives included.",
            static (_, peer) => peer.ReceivedPackets),
        Peers("peer_sent_packets", MetricKind.Counter, null, "Messages sent, handshakes and keepalives included.", static (_, peer) => peer.SentPackets),
        new("peer_dropped_packets", MetricKind.Counter, null, "Packets of the peer that went no further, by reason.", static (metrics, text) =>
        {
            foreach ((PeerStatus peer, string labels) in metrics.Peers)
            {
                foreach ((DropReason reason, long count) in peer.Drops.OrderBy(static pair => pair.Key))
                {
                    text.Sample($"{labels},{OfReason(reason)}", count);
                }
            }
        }),
        Peers("peer_handshakes", MetricKind.Counter, null, "Handshakes completed.", static (_, peer) => peer.CompletedHandshakes),
        Peers("peer_last_handshake_timestamp_seconds", MetricKind.Gauge, "seconds",
            "When the last handshake was completed; its age is time() less this. Absent before the first.",
            static (_, peer) => peer.LastHandshakeUnixNanoseconds == 0 ? null : Seconds(peer.LastHandshakeUnixNanoseconds)),
        Peers("peer_last_received_timestamp_seconds", MetricKind.Gauge, "seconds", "When the last authentic message came. Absent before the first.",
            static (status, peer) => peer.SinceReceived is { } since ? Seconds(status.UnixNanoseconds - (long)since.TotalNanoseconds) : null),
        Peers("peer_session_active", MetricKind.Gauge, null, "Whether there is a session that sends.", static (_, peer) => peer.SessionAge is null ? 0 : 1),
        Peers("peer_handshake_attempts", MetricKind.Gauge, null, "Initiations sent again in a row without a response.",
            static (_, peer) => peer.HandshakeAttempts),
        Peers("peer_unconfirmed_responses", MetricKind.Gauge, null,
            "Responses sent since a session was last confirmed: two and more, and the peer does not take them.",
            static (_, peer) => peer.UnconfirmedResponses),
        Peers("peer_handshake_rtt_seconds", MetricKind.Gauge, "seconds", "Round trip of our last answered initiation. Absent before the first.",
            static (_, peer) => peer.HandshakeRoundTrip is { } time ? (decimal)time.Ticks / TimeSpan.TicksPerSecond : null),
        Peers("peer_loss_ratio", MetricKind.Gauge, null, "Part of the messages from the peer that has not come, in the session in use.", static (_, peer) => Loss(peer)),
        Peers("peer_staged_packets", MetricKind.Gauge, null, "Packets that wait for a session.", static (_, peer) => peer.StagedPackets),
    ];

    /// <summary>How much of what the peer sent in the session in use did not come; null before anything came.</summary>
    internal static decimal? Loss(PeerStatus peer)
    {
        decimal sent = (decimal)peer.SessionPackets + peer.SessionPacketsMissing;
        return sent == 0 ? null : decimal.Round(peer.SessionPacketsMissing / sent, 6);
    }

    private static decimal Seconds(long nanoseconds) => nanoseconds / NanosecondsPerSecond;

    private static MetricFamily Peers(string name, MetricKind kind, string? unit, string help, Func<TunnelStatus, PeerStatus, decimal?> value) =>
        new(name, kind, unit, help, (metrics, text) =>
        {
            foreach ((PeerStatus peer, string labels) in metrics.Peers)
            {
                text.Sample(labels, value(metrics.Status, peer));
            }
        });
}
