using System.Diagnostics.CodeAnalysis;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Noise;
using Chasqui.Core.Sessions;
using Chasqui.Core.Timers;

namespace Chasqui.Core;

/// <summary>What happens when a deadline passes.</summary>
public sealed partial class Tunnel
{
    /// <summary>Runs every deadline that has passed.</summary>
    /// <param name="now">Both clocks.</param>
    /// <param name="outbox">Where handshakes and keepalives go.</param>
    /// <remarks>Early or double calls do nothing. Afterwards <see cref="NextDeadline"/> lies in the future.</remarks>
    public void Tick<TOutbox>(in Moment now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        lock (_control)
        {
            while (TryPopDue(now.Now, out Peer? peer))
            {
                RunDeadlines(peer, now, ref outbox);
                lock (peer.Gate)
                {
                    ScheduleLocked(peer);
                }
            }
        }
    }

    private void RunDeadlines<TOutbox>(Peer peer, in Moment now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        if (!_isUp)
        {
            StopTimers(peer); // a packet that was on its way when the interface went down may have started one
            return;
        }

        RunNameDeadlines(peer, now.Now, ref outbox);
        if (TryTake(peer, TimerKind.RetransmitHandshake, now.Now))
        {
            NoteUnansweredInitiation(peer, now.Now);
            RetransmitHandshake(peer, now.Now);
        }

        if (TryTake(peer, TimerKind.NewHandshake, now.Now))
        {
            NoteUnansweredData(peer, now.Now);

            // §6.5: we sent data and have heard nothing. Perhaps the address that we send from is the cause.
            ClearSourceAndQueueInitiation(peer, now.Now, isRetry: false);
        }

        if (TryTake(peer, TimerKind.SendInitiation, now.Now))
        {
            SendInitiation(peer, now, ref outbox);
        }

        if (TryTake(peer, TimerKind.SendKeepalive, now.Now))
        {
            SendKeepalive(peer, now.Now, ref outbox);
            lock (peer.Gate)
            {
                peer.Timers.PassiveKeepaliveSent(now.Now);
            }
        }

        if (TryTake(peer, TimerKind.PersistentKeepalive, now.Now) && peer.Timers.PersistentKeepaliveSeconds > 0)
        {
            SendKeepalive(peer, now.Now, ref outbox);
        }

        if (TryTake(peer, TimerKind.ZeroKeyMaterial, now.Now))
        {
            // §6.3: three times Reject-After-Time without new keys.
            ClearSession(peer);
        }
    }

    private static void StopTimers(Peer peer)
    {
        lock (peer.Gate)
        {
            peer.Timers.StopAll();
        }
    }

    private static bool TryTake(Peer peer, TimerKind kind, Instant now)
    {
        lock (peer.Gate)
        {
            return !peer.IsRemoved && peer.Timers.TryTake(kind, now);
        }
    }

    private void RetransmitHandshake(Peer peer, Instant now)
    {
        if (peer.Timers.HandshakeAttempts <= ProtocolConstants.MaxHandshakeRetries)
        {
            ClearSourceAndQueueInitiation(peer, now, isRetry: true);
            return;
        }

        // §6.4: Rekey-Attempt-Time is over. What waits is dropped; new packets start over.
        lock (peer.Gate)
        {
            PurgeStaged(peer, DropReason.HandshakeTimedOut);
            peer.Timers.HandshakeGivenUp(now);
            Note(TunnelEventKind.HandshakeGivenUp, peer, now, peer.CurrentEndpoint.Remote);
        }
    }

    /// <summary>The timer also runs out for an initiation that had to wait: then nothing was unanswered.</summary>
    private void NoteUnansweredInitiation(Peer peer, Instant now)
    {
        if (peer.Handshake.State == HandshakeState.CreatedInitiation)
        {
            lock (peer.Gate)
            {
                peer.Named?.InitiationUnanswered(now);
                Note(TunnelEventKind.HandshakeUnanswered, peer, now, peer.CurrentEndpoint.Remote, peer.Timers.HandshakeAttempts + 1);
            }
        }
    }

    private void NoteUnansweredData(Peer peer, Instant now)
    {
        lock (peer.Gate)
        {
            peer.Named?.DataUnanswered(now);
            Note(TunnelEventKind.PeerSilent, peer, now, peer.CurrentEndpoint.Remote);
        }
    }

    private static void ClearSourceAndQueueInitiation(Peer peer, Instant now, bool isRetry)
    {
        lock (peer.Gate)
        {
            peer.CurrentEndpoint = peer.CurrentEndpoint.WithoutSource();
            QueueInitiation(peer, now, isRetry);
        }
    }

    /// <summary>Sends an empty packet, or, if packets wait, those instead.</summary>
    private void SendKeepalive<TOutbox>(Peer peer, Instant now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        lock (peer.Gate)
        {
            if (peer.Staged is not { Count: > 0 })
            {
                Stage(peer, now, []);
            }
        }

        SendStaged(peer, now, ref outbox);
    }

    /// <summary>Ends the handshake and all sessions, and zeroes their keys. The control lock is held.</summary>
    private void ClearSession(Peer peer)
    {
        ReleaseHandshakeIndex(peer);
        peer.Handshake.Clear();
        lock (peer.Gate)
        {
            (Keypair? previous, Keypair? current, Keypair? next) = peer.Keypairs.Clear();
            Retire(previous);
            Retire(current);
            Retire(next);
        }
    }

    private void PurgeStaged(Peer peer, DropReason reason)
    {
        if (peer.Staged is { Count: > 0 } staged)
        {
            Drops.Add(reason, staged.Count);
            peer.CountDrop(reason, staged.Count);
        }

        peer.Staged = null;
    }

    private bool TryPopDue(Instant now, [NotNullWhen(true)] out Peer? peer)
    {
        lock (_deadlineGate)
        {
            peer = _deadlines.PopDue(now);
            PublishNextDeadline();
        }

        if (peer is null)
        {
            return false;
        }

        lock (peer.Gate)
        {
            peer.ScheduledWake = Instant.Never;
        }

        return true;
    }

    /// <summary>Sees to it that the peer is woken by its earliest deadline. Its gate is held.</summary>
    /// <remarks>
    /// A deadline that moved later leaves the queue as it is: the wake comes early, finds nothing due and schedules anew. So the
    /// packet path touches the queue, which all peers share, a few times a minute and not once a batch.
    /// </remarks>
    private void ScheduleLocked(Peer peer)
    {
        Instant earliest = peer.Timers.Earliest;
        if (_isUp && peer.Named is { } named && named.Due < earliest)
        {
            earliest = named.Due; // nobody asks for names while the interface is down
        }

        if (earliest >= peer.ScheduledWake || peer.IsRemoved)
        {
            return;
        }

        peer.ScheduledWake = earliest;
        lock (_deadlineGate)
        {
            _deadlines.Schedule(peer, earliest);
            PublishNextDeadline();
        }
    }

    private void PublishNextDeadline() => Volatile.Write(ref _nextDeadline, _deadlines.PeekDeadline.Nanoseconds);
}
