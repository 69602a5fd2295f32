namespace Chasqui.Core;

/// <summary>Every constant of the protocol on one page: first the whitepaper's, then ours (the kernel's, where it has one).</summary>
public static class ProtocolConstants
{
    // ---- Specification: whitepaper sections 5.4 and 6.1 -------------------------------------------------------------

    /// <summary>Length in bytes of Curve25519 keys, symmetric keys and BLAKE2s hashes.</summary>
    public const int KeyLength = 32;

    /// <summary>Length in bytes of a Poly1305 tag.</summary>
    public const int TagLength = 16;

    /// <summary>Length in bytes of mac1, mac2 and the cookie.</summary>
    public const int MacLength = 16;

    /// <summary>Length in bytes of the cookie reply's XChaCha20 nonce.</summary>
    public const int CookieNonceLength = 24;

    /// <summary>Length in bytes of a TAI64N timestamp.</summary>
    public const int TimestampLength = 12;

    /// <summary>Data is padded to a multiple of this many bytes (but never past the MTU).</summary>
    public const int PaddingMultiple = 16;

    /// <summary>An initiator starts a new handshake once a keypair has sent this many messages.</summary>
    public const ulong RekeyAfterMessages = 1UL << 60;

    /// <summary>A keypair neither sends nor accepts a counter at or above this: the paper's 2^64 - 2^13 - 1, with the window the kernel has.</summary>
    public const ulong RejectAfterMessages = ulong.MaxValue - ReplayWindowUsableBits - 1;

    /// <summary>An initiator starts a new handshake when it sends on a keypair of this age.</summary>
    public static readonly TimeSpan RekeyAfterTime = TimeSpan.FromSeconds(120);

    /// <summary>A keypair of this age is not used any more.</summary>
    public static readonly TimeSpan RejectAfterTime = TimeSpan.FromSeconds(180);

    /// <summary>Staged packets are given up when a handshake has not been answered for this long.</summary>
    public static readonly TimeSpan RekeyAttemptTime = TimeSpan.FromSeconds(90);

    /// <summary>An initiation is sent again after this long without an answer, and not sooner.</summary>
    public static readonly TimeSpan RekeyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A keepalive answers data after this long with nothing else to send.</summary>
    public static readonly TimeSpan KeepaliveTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Life of the secret from which cookies are made, and of a received cookie.</summary>
    public static readonly TimeSpan CookieSecretLife = TimeSpan.FromSeconds(120);

    // ---- Ours: where the paper leaves the choice; the kernel's values -----------------------------------------------

    /// <summary>A cookie is not used in the last seconds of its life, so that it does not expire on the way.</summary>
    public static readonly TimeSpan CookieSecretLatency = TimeSpan.FromSeconds(5);

    /// <summary>Upper bound of the random part of the retransmission and new-handshake timers.</summary>
    public static readonly TimeSpan RekeyTimeoutJitter = TimeSpan.FromMilliseconds(333);

    /// <summary>Bits of the replay window's ring.</summary>
    public const int ReplayWindowBits = 8192;

    /// <summary>Counters that may lag behind the highest: the ring less one word.</summary>
    public const int ReplayWindowUsableBits = ReplayWindowBits - 64;

    /// <summary>Retransmissions before a handshake is given up (kernel: MAX_TIMER_HANDSHAKES).</summary>
    public static readonly int MaxHandshakeRetries = (int)(RekeyAttemptTime / RekeyTimeout);

    /// <summary>Initiations accepted from one peer each second (kernel: INITIATIONS_PER_SECOND).</summary>
    public const int InitiationsPerSecond = 50;

    /// <summary>Packets that wait for one peer's handshake; the oldest is dropped for the newest.</summary>
    public const int MaxStagedPackets = 128;

    /// <summary>Handshake messages that wait for processing on one device.</summary>
    public const int MaxQueuedHandshakes = 4096;

    /// <summary>With this many handshake messages waiting the device is under load.</summary>
    public const int UnderLoadQueuedHandshakes = MaxQueuedHandshakes / 8;

    /// <summary>The device stays under load for this long after its queue has shrunk.</summary>
    public static readonly TimeSpan UnderLoadLinger = TimeSpan.FromSeconds(1);

    /// <summary>Handshakes per second from one source prefix while under load (kernel: ratelimiter.c PACKETS_PER_SECOND).</summary>
    public const int HandshakesPerSecondPerSource = 20;

    /// <summary>Handshakes that one source prefix may send at once while under load.</summary>
    public const int HandshakeBurstPerSource = 5;

    /// <summary>Addresses that are kept of one endpoint's name; what a resolver gives beyond that is not tried.</summary>
    public const int MaxEndpointCandidates = 8;

    /// <summary>Peers of one device (kernel: MAX_PEERS_PER_DEVICE).</summary>
    public const int MaxPeers = 1 << 20;

    /// <summary>Traffic class of handshake messages: AF41, not ECN-capable (kernel: HANDSHAKE_DSCP).</summary>
    public const byte HandshakeTrafficClass = 0x88;
}
