namespace Chasqui.Core.Diagnostics;

/// <summary>What a <see cref="TunnelEvent"/> tells. Numbers and names stay: they are in the control protocol.</summary>
public enum TunnelEventKind : byte
{
    /// <summary>A packet went no further: <see cref="TunnelEvent.Reason"/> says why.</summary>
    Dropped = 0,

    /// <summary>An initiation was sent. <see cref="TunnelEvent.Number"/>: which attempt it is, from 1.</summary>
    HandshakeStarted,

    /// <summary>A peer's initiation was accepted, and a response sent.</summary>
    HandshakeAnswered,

    /// <summary>A session is ready: both ends have shown that they have the keys.</summary>
    HandshakeCompleted,

    /// <summary>An initiation has had no response within Rekey-Timeout. <see cref="TunnelEvent.Number"/>: how many in a row.</summary>
    HandshakeUnanswered,

    /// <summary>Rekey-Attempt-Time is over: no more initiations until there is something to send. Source: whitepaper section 6.4.</summary>
    HandshakeGivenUp,

    /// <summary>An authentic packet came from another address than the one before: <see cref="TunnelEvent.Before"/>, none if it was the first.</summary>
    PeerRoamed,

    /// <summary>Data was sent, and nothing has been heard for Keepalive-Timeout and Rekey-Timeout. Source: whitepaper section 6.5.</summary>
    PeerSilent,

    /// <summary>A peer is under load: it answered with a cookie, which the next initiation brings back.</summary>
    CookieReceived,

    /// <summary>So many handshake messages wait that senders are asked for a cookie. Source: whitepaper section 5.3.</summary>
    UnderLoadBegan,

    /// <summary>Handshake messages are taken without a cookie again.</summary>
    UnderLoadEnded,

    /// <summary>The kernel refused to send. <see cref="TunnelEvent.Number"/>: errno(3).</summary>
    SendFailed,

    /// <summary>
    /// A name was resolved to other addresses. <see cref="TunnelEvent.Remote"/>: the best of them; <see cref="TunnelEvent.Before"/>: the endpoint at
    /// that moment, none if there was none, which stays where it is while the session works.
    /// </summary>
    EndpointResolved,

    /// <summary>A name could not be resolved. <see cref="TunnelEvent.Number"/>: seconds until it is asked for again.</summary>
    EndpointNotResolved,

    /// <summary>
    /// The kernel refused an offload, and the device goes on without it. <see cref="TunnelEvent.Number"/>: 1 for datagrams that are sent together
    /// (UDP_SEGMENT), 2 for TCP and 3 for UDP packets that are joined before the interface gets them.
    /// </summary>
    OffloadSteppedDown,

    /// <summary>The interface came up. <see cref="TunnelEvent.Number"/>: the UDP port.</summary>
    InterfaceUp,

    /// <summary>The interface went down.</summary>
    InterfaceDown,

    /// <summary>An owner asked for the keys of handshakes, to read what he captures. <see cref="TunnelEvent.Number"/>: seconds until it ends by itself.</summary>
    KeyLogBegan,

    /// <summary>The keys of handshakes are given to nobody any more.</summary>
    KeyLogEnded,
}
