namespace Chasqui.Core;

/// <summary>Why a packet went no further. The network never learns it; the owner reads it from the counters.</summary>
public enum DropReason : byte
{
    /// <summary>Not dropped.</summary>
    None = 0,

    /// <summary>A datagram whose type or length is no WireGuard message.</summary>
    Malformed,

    /// <summary>A handshake message whose mac1 was not made for our public key.</summary>
    InvalidMac1,

    /// <summary>Under load: no valid mac2; a cookie reply was sent.</summary>
    CookieRequired,

    /// <summary>Under load: the source prefix has spent its handshakes.</summary>
    RateLimited,

    /// <summary>Too many handshake messages were waiting.</summary>
    HandshakeQueueFull,

    /// <summary>The device has no private key.</summary>
    NoPrivateKey,

    /// <summary>An initiation from a public key that is no peer's.</summary>
    UnknownPeer,

    /// <summary>A handshake message that does not authenticate.</summary>
    HandshakeAuthenticationFailed,

    /// <summary>A Diffie-Hellman result of all zeros: a low-order public key.</summary>
    LowOrderPublicKey,

    /// <summary>An initiation whose timestamp is not newer than the last one accepted from the peer.</summary>
    ReplayedTimestamp,

    /// <summary>An initiation too soon after the last one from the peer.</summary>
    InitiationFlood,

    /// <summary>A response or cookie reply that answers nothing we sent.</summary>
    NoMatchingHandshake,

    /// <summary>A cookie reply that does not authenticate.</summary>
    InvalidCookieReply,

    /// <summary>A data message for a receiver index that we do not know.</summary>
    UnknownIndex,

    /// <summary>A data message on a keypair that is past its time or its messages.</summary>
    SessionExpired,

    /// <summary>A data message that does not authenticate.</summary>
    AuthenticationFailed,

    /// <summary>A data message whose counter was seen before, or is too old to tell.</summary>
    ReplayedCounter,

    /// <summary>A decrypted packet that is not IP, or shorter than its header says.</summary>
    InvalidInnerPacket,

    /// <summary>A decrypted packet whose source address the peer may not use.</summary>
    SourceNotAllowed,

    /// <summary>An outgoing packet to an address that no peer owns.</summary>
    NoPeerForDestination,

    /// <summary>An outgoing packet to a peer without an endpoint.</summary>
    NoEndpoint,

    /// <summary>A staged packet pushed out by a newer one.</summary>
    StagedQueueFull,

    /// <summary>A staged packet given up because the handshake was not answered.</summary>
    HandshakeTimedOut,

    /// <summary>A packet to or from an interface that is down.</summary>
    InterfaceDown,
}
