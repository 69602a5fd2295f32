using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Routing;
using Chasqui.Core.Sessions;
using Chasqui.Core.Timers;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>One peer of a tunnel: its key, where it is, and everything that is remembered about it.</summary>
/// <remarks>
/// Threads: two locks, always taken in this order. The tunnel's <i>control lock</i> guards the handshake, the cookie and the
/// configuration; <see cref="Gate"/> guards what the packet path touches, and is held for some hundred nanoseconds each batch.
/// Thousands of idle peers are normal: whatever a peer needs only while it talks is allocated then.
/// </remarks>
public sealed partial class Peer : IAllowedIpOwner, IDeadlineItem
{
    private readonly PublicKey _publicKey;
    private AllowedIpList _allowedIps;
    private ulong _receivedBytes;
    private ulong _sentBytes;
    private volatile bool _hasEndpoint;

    internal Peer(in PublicKey publicKey, ulong jitterSeed, ISecretGuard? guard = null)
    {
        _publicKey = publicKey;
        Handshake = new Handshake(publicKey, guard);
        CookieJar = new CookieJar(publicKey);
        Timers = new PeerTimers(jitterSeed);
    }

    /// <summary>The peer's name.</summary>
    public PublicKey PublicKey => _publicKey;

    /// <summary>Where the peer is now; none if it was never set or learnt.</summary>
    public Endpoint Endpoint
    {
        get
        {
            lock (Gate)
            {
                return CurrentEndpoint;
            }
        }
    }

    /// <summary>Guards every member below that says so.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Guarded by the control lock.</summary>
    internal Handshake Handshake { get; }

    /// <summary>Guarded by the control lock.</summary>
    internal CookieJar CookieJar { get; }

    /// <summary>The peer's place in the tunnel's list. Guarded by the control lock.</summary>
    internal LinkedListNode<Peer>? Node { get; set; }

    /// <summary>Guarded by the control lock.</summary>
    ref AllowedIpList IAllowedIpOwner.AllowedIpList => ref _allowedIps;

    /// <summary>Guarded by the deadline queue's lock.</summary>
    int IDeadlineItem.HeapPlace { get; set; }

    // ---- Guarded by Gate -------------------------------------------------------------------------------------------

    /// <summary>Whether the peer was removed: a packet on its way must not bring it back.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>The keypairs.</summary>
    internal KeypairSlots Keypairs;

    /// <summary>The timers.</summary>
    internal PeerTimers Timers;

    /// <summary>When the queue of deadlines will wake this peer; not later than its earliest deadline.</summary>
    internal Instant ScheduledWake { get; set; } = Instant.Never;

    /// <summary>See <see cref="Endpoint"/>.</summary>
    internal Endpoint CurrentEndpoint
    {
        get;
        set
        {
            field = value;
            _hasEndpoint = !value.IsNone;
        }
    }

    /// <summary>The endpoint's name and what is known of it; null for most peers.</summary>
    internal NamedEndpoint? Named { get; set; }

    /// <summary>Packets that wait for a session; null while there are none.</summary>
    internal StagedPackets? Staged { get; set; }

    /// <summary>When a handshake message was last sent to the peer.</summary>
    internal Instant? LastSentHandshake { get; set; }

    /// <summary>Wall time of the last completed handshake; 0 for never.</summary>
    internal long LastHandshakeUnixNanoseconds { get; set; }

    /// <summary>Responses sent since a session was last confirmed: many mean that the peer does not take them, as with another preshared key.</summary>
    internal int UnconfirmedResponses { get; set; }

    /// <summary>From our last initiation to its response; null before the first.</summary>
    internal TimeSpan? HandshakeRoundTrip { get; set; }

    // ---- Any thread --------------------------------------------------------------------------------------------------

    /// <summary>Whether <see cref="Endpoint"/> is one; once it is, it stays so.</summary>
    internal bool HasEndpoint => _hasEndpoint;

    /// <summary>Bytes of authenticated datagrams received.</summary>
    internal ulong ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Bytes of datagrams sent.</summary>
    internal ulong SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Lets the kernel choose the source address again, because <paramref name="failed"/> did not work.</summary>
    /// <returns>The endpoint to send to instead.</returns>
    public Endpoint ClearSource(in Endpoint failed)
    {
        lock (Gate)
        {
            if (CurrentEndpoint == failed)
            {
                CurrentEndpoint = failed.WithoutSource();
            }
        }

        return failed.WithoutSource();
    }

    /// <summary>The peer's abbreviated key, as the kernel's messages have it.</summary>
    public override string ToString() => _publicKey.ToShortString();

    internal void AddReceived(long bytes) => Interlocked.Add(ref _receivedBytes, (ulong)bytes);

    internal void AddSent(long bytes) => Interlocked.Add(ref _sentBytes, (ulong)bytes);
}
