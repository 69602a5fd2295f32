using static Chasqui.Core.ProtocolConstants;

namespace Chasqui.Core.Timers;

/// <summary>A peer's timers, driven by the eight events of the protocol.</summary>
/// <remarks>
/// Each event is a method that says when to call it; it moves deadlines and does nothing else. The owner reads
/// <see cref="Earliest"/> afterwards, and acts on what <see cref="TryTake"/> gives when that has passed.
/// Guarded by the peer's gate. Source: whitepaper sections 6.1 to 6.5; the kernel's timers.c.
/// </remarks>
internal struct PeerTimers
{
    private DeadlineTable _deadlines;
    private ulong _jitterState;
    private bool _needsAnotherKeepalive;

    /// <summary>Stopped timers.</summary>
    /// <param name="jitterSeed">Any number; spreads the retransmissions of peers that began together.</param>
    internal PeerTimers(ulong jitterSeed)
    {
        _deadlines = DeadlineTable.Stopped();
        _jitterState = jitterSeed | 1; // xorshift never leaves zero
    }

    /// <summary>Interval of persistent keepalives in seconds; 0 for off.</summary>
    internal ushort PersistentKeepaliveSeconds { get; set; }

    /// <summary>Initiations sent again since the last one that we had a reason of our own for.</summary>
    internal int HandshakeAttempts { get; private set; }

    /// <summary>Whether this session's last-minute renewal (§6.2, Reject-After-Time - Keepalive-Timeout - Rekey-Timeout) was begun.</summary>
    internal bool HasSentLastMinuteHandshake { get; set; }

    /// <summary>Whether an initiation of ours is unanswered, or one waits until it may be sent.</summary>
    internal readonly bool IsRetransmissionPending => _deadlines.IsPending(TimerKind.RetransmitHandshake);

    /// <summary>The earliest deadline, or <see cref="Instant.Never"/>.</summary>
    internal readonly Instant Earliest => _deadlines.Earliest;

    /// <summary>Call after an authenticated data packet (not a keepalive) was sent.</summary>
    internal void DataSent(Instant now)
    {
        // §6.5: no answer within Keepalive-Timeout + Rekey-Timeout starts a new handshake.
        if (!_deadlines.IsPending(TimerKind.NewHandshake))
        {
            _deadlines.Set(TimerKind.NewHandshake, now + KeepaliveTimeout + RekeyTimeout + NextJitter(RekeyTimeoutJitter));
        }
    }

    /// <summary>Call after an authenticated data packet (not a keepalive) was received.</summary>
    internal void DataReceived(Instant now)
    {
        // §6.5: passive keepalive.
        if (!_deadlines.IsPending(TimerKind.SendKeepalive))
        {
            _deadlines.Set(TimerKind.SendKeepalive, now + KeepaliveTimeout);
        }
        else
        {
            _needsAnotherKeepalive = true;
        }
    }

    /// <summary>Call after any authenticated packet was sent: data, keepalive or handshake.</summary>
    internal void AnyAuthenticatedPacketSent() => _deadlines.Stop(TimerKind.SendKeepalive);

    /// <summary>Call after any authenticated packet was received: data, keepalive or handshake.</summary>
    internal void AnyAuthenticatedPacketReceived() => _deadlines.Stop(TimerKind.NewHandshake);

    /// <summary>Call after an initiation was sent.</summary>
    internal void HandshakeInitiated(Instant now) =>
        _deadlines.Set(TimerKind.RetransmitHandshake, now + RekeyTimeout + NextJitter(RekeyTimeoutJitter));

    /// <summary>Call when an initiation is wanted sooner than <see cref="RekeyTimeout"/> after the last handshake message was sent.</summary>
    /// <remarks>Perhaps that message crossed one of the peer's, who waits as we do: the jitter is longer than any round trip, to part the two.</remarks>
    internal void WantRetransmission(Instant lastSent)
    {
        if (!IsRetransmissionPending)
        {
            _deadlines.Set(TimerKind.RetransmitHandshake, lastSent + RekeyTimeout + NextJitter(RekeyTimeout));
        }
    }

    /// <summary>Call after a response was accepted, or the first packet on a session that we answered for.</summary>
    internal void HandshakeComplete()
    {
        _deadlines.Stop(TimerKind.SendInitiation);
        _deadlines.Stop(TimerKind.RetransmitHandshake);
        HandshakeAttempts = 0;
        HasSentLastMinuteHandshake = false;
    }

    /// <summary>Call after transport keys were derived.</summary>
    internal void SessionDerived(Instant now) => _deadlines.Set(TimerKind.ZeroKeyMaterial, now + (RejectAfterTime * 3));

    /// <summary>Call before any authenticated packet is sent, and after any was received.</summary>
    internal void AnyAuthenticatedPacketTraversal(Instant now)
    {
        if (PersistentKeepaliveSeconds > 0)
        {
            _deadlines.Set(TimerKind.PersistentKeepalive, now + TimeSpan.FromSeconds(PersistentKeepaliveSeconds));
        }
    }

    /// <summary>Counts an attempt to reach the peer: a retransmission is one more, a reason of our own starts anew.</summary>
    internal void CountAttempt(bool isRetry) => HandshakeAttempts = isRetry ? HandshakeAttempts + 1 : 0;

    /// <summary>Asks for an initiation as soon as possible.</summary>
    internal void WantInitiation(Instant now)
    {
        if (!_deadlines.IsPending(TimerKind.SendInitiation))
        {
            _deadlines.Set(TimerKind.SendInitiation, now);
        }
    }

    /// <summary>Asks for a keepalive as soon as possible, because it was just turned on or the interface came up.</summary>
    internal void WantPersistentKeepalive(Instant now) => _deadlines.Set(TimerKind.PersistentKeepalive, now);

    /// <summary>The handshake is given up: nothing is left to do but to zero keys, in time.</summary>
    internal void HandshakeGivenUp(Instant now)
    {
        _deadlines.Stop(TimerKind.SendKeepalive);
        if (!_deadlines.IsPending(TimerKind.ZeroKeyMaterial))
        {
            SessionDerived(now);
        }
    }

    /// <summary>Call after the keepalive was sent for which <see cref="TimerKind.SendKeepalive"/> ran out.</summary>
    internal void PassiveKeepaliveSent(Instant now)
    {
        if (_needsAnotherKeepalive)
        {
            _needsAnotherKeepalive = false;
            _deadlines.Set(TimerKind.SendKeepalive, now + KeepaliveTimeout);
        }
    }

    /// <summary>Stops one timer.</summary>
    internal void Stop(TimerKind kind) => _deadlines.Stop(kind);

    /// <summary>Stops everything, because the interface went down or the peer is removed.</summary>
    internal void StopAll()
    {
        _deadlines.StopAll();
        _needsAnotherKeepalive = false;
        HandshakeComplete();
    }

    /// <summary>Stops the timer if its deadline has passed, and says so.</summary>
    internal bool TryTake(TimerKind kind, Instant now) => _deadlines.TryTake(kind, now);

    /// <summary>A random time below <paramref name="limit"/>. It keeps peers apart; it hides nothing.</summary>
    private TimeSpan NextJitter(TimeSpan limit)
    {
        _jitterState ^= _jitterState << 13;
        _jitterState ^= _jitterState >> 7;
        _jitterState ^= _jitterState << 17;
        return TimeSpan.FromTicks((long)(_jitterState % (ulong)limit.Ticks));
    }
}
