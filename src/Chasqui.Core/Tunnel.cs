using Chasqui.Core.Diagnostics;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Routing;
using Chasqui.Core.Timers;

namespace Chasqui.Core;

/// <summary>A WireGuard device without its edges: datagrams, packets, time and configuration go in; datagrams and packets come out.</summary>
/// <remarks>
/// <para>
/// The calling protocol is five verbs. <see cref="ReceiveDatagram"/> and <see cref="SendPacket"/> move one packet;
/// <see cref="Tick"/> runs every deadline that has passed, and calling it early or twice does nothing;
/// <see cref="NextDeadline"/> may change after any of the others; <c>Apply</c> changes the configuration.
/// Whole batches go through the three phases that the first two are made of: decide (<see cref="Route"/>,
/// <see cref="TryBeginSend"/>, <see cref="TryBeginReceive"/>), transform (<c>Keypair.Seal</c>, <c>Keypair.Open</c>: pure, any
/// thread), commit (<see cref="CommitReceive"/>).
/// </para>
/// <para>
/// Threads: every verb may be called from any thread. The control lock serialises handshakes, timers and configuration; the
/// packet path takes only the gate of the peer concerned, once a batch, and looks up routes and sessions without a lock.
/// Lock order: control, a peer's gate, then the index table's or the deadline queue's.
/// </para>
/// <para>No verb throws for what comes from the network or the interface. A drop has a <see cref="DropReason"/> and is counted.</para>
/// </remarks>
public sealed partial class Tunnel : IDisposable
{
    private readonly IEntropy _entropy;

    // Guards _identity, _cookieChecker, _load, the peer table, writes to _allowedIps, and each peer's handshake.
    private readonly Lock _control = new();

    private readonly PublicKeyTable<Peer> _peersByKey;
    private readonly LinkedList<Peer> _peers = new();
    private readonly AllowedIps<Peer> _allowedIps;
    private readonly CookieChecker _cookieChecker;
    private readonly RefusedInitiations _refused = new();
    private readonly UnderLoadDetector _load = new();
    private StaticIdentity? _identity;

    // Reads need no lock; writes hold _indexGate.
    private readonly Lock _indexGate = new();
    private readonly IndexTable<SessionEntry> _sessions = new();

    // Guarded by _deadlineGate; _nextDeadline mirrors its head for lock-free reading.
    private readonly Lock _deadlineGate = new();
    private readonly DeadlineQueue<Peer> _deadlines = new();
    private long _nextDeadline = Instant.Never.Nanoseconds;

    private readonly ISecretGuard? _guard;
    private volatile bool _isUp;
    private volatile int _mtu = 1420;

    /// <summary>A device with no key, no peers, and its interface down.</summary>
    /// <param name="entropy">Source of randomness, used from every thread that calls a verb.</param>
    public Tunnel(IEntropy entropy)
        : this(entropy, null)
    {
    }

    /// <summary>A device whose keys are guarded.</summary>
    /// <param name="entropy">Source of randomness, used from every thread that calls a verb.</param>
    /// <param name="guard">Told of the memory of every key that is kept: private and preshared, of handshakes and of sessions; null for nobody.</param>
    public Tunnel(IEntropy entropy, ISecretGuard? guard)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        _guard = guard;
        _entropy = entropy;
        _peersByKey = new PublicKeyTable<Peer>(entropy);
        _allowedIps = new AllowedIps<Peer>(entropy);
        _cookieChecker = new CookieChecker(default, new HandshakeLimiter(entropy));
    }

    /// <summary>Packets dropped so far, by reason.</summary>
    public DropCounters Drops { get; } = new();

    /// <summary>What happened lately, with times and addresses.</summary>
    public EventJournal Journal { get; } = new();

    /// <summary>Whether the interface is up. While it is down nothing is sent, received or renewed.</summary>
    public bool IsUp => _isUp;

    /// <summary>MTU of the inner interface in bytes; padding never goes past it. 0 means that it is not known.</summary>
    public int Mtu
    {
        get => _mtu;
        set => _mtu = value;
    }

    /// <summary>When <see cref="Tick"/> is due; <see cref="Instant.Never"/> while nothing waits.</summary>
    public Instant NextDeadline => new(Volatile.Read(ref _nextDeadline));

    /// <summary>Session indices in use, for tests that nothing is forgotten in their table.</summary>
    internal int SessionIndices => _sessions.Count;

    /// <summary>Zeroes all keys.</summary>
    public void Dispose()
    {
        lock (_control)
        {
            RemoveAllPeers();
            _keyLog?.Clear();
            _identity?.Dispose();
            _identity = null;
            _cookieChecker.Dispose();
        }
    }
}
