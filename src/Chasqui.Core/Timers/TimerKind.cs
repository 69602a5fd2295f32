namespace Chasqui.Core.Timers;

/// <summary>What a peer waits for.</summary>
internal enum TimerKind
{
    /// <summary>An initiation is to be sent as soon as possible.</summary>
    SendInitiation,

    /// <summary>Our initiation was not answered: send it again (kernel: retransmit_handshake).</summary>
    RetransmitHandshake,

    /// <summary>We received data and have had nothing to send since: send a keepalive.</summary>
    SendKeepalive,

    /// <summary>We sent data and have heard nothing since: start a new handshake.</summary>
    NewHandshake,

    /// <summary>No new keys for three times Reject-After-Time: zero them all.</summary>
    ZeroKeyMaterial,

    /// <summary>Nothing was sent or received for the interval that the user set.</summary>
    PersistentKeepalive,
}
