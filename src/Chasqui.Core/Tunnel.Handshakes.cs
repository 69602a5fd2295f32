using Chasqui.Core.Diagnostics;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>Initiations, responses and cookie replies.</summary>
public sealed partial class Tunnel
{
    /// <summary>
    /// Whether a handshake message is worth waiting for its turn at <see cref="ReceiveHandshake"/>, which checks it once more: key and handshakes may
    /// be others by then. Quick, and for any thread: whoever does not know our public key, or answers nothing that we have sent, comes no further, and
    /// puts nobody under load; nor does whoever sends again what was refused before.
    /// </summary>
    /// <param name="datagram">A whole initiation, response or cookie reply, as <see cref="Datagram.Classify"/> says. Source: whitepaper §5.3.</param>
    /// <returns>
    /// <see cref="DropReason.InvalidMac1"/>, <see cref="DropReason.ReplayedTimestamp"/>, <see cref="DropReason.NoMatchingHandshake"/>, or
    /// <see cref="DropReason.None"/>: the latter also while the device has no private key, since only <see cref="ReceiveHandshake"/> can say so.
    /// </returns>
    public DropReason Screen(Span<byte> datagram)
    {
        if (CookieReplyView.TryRead(datagram, out CookieReplyView reply))
        {
            return _sessions.TryGet(reply.Receiver, out _) ? DropReason.None : DropReason.NoMatchingHandshake;
        }

        Mac1Check check = _cookieChecker.Mac1Check;
        return !check.HasKey ? DropReason.None
            : !check.IsRight(datagram) ? DropReason.InvalidMac1
            : _refused.Contains(datagram) ? DropReason.ReplayedTimestamp
            : DropReason.None;
    }

    /// <summary>Takes one handshake message. Slow (up to four Diffie-Hellmans): not for the packet path.</summary>
    /// <param name="now">Both clocks.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="datagram">The message.</param>
    /// <param name="queuedHandshakes">How many more wait to be processed; many mean that the device is under load.</param>
    /// <param name="outbox">Where the answer goes.</param>
    /// <returns><see cref="DropReason.None"/>, or why it was dropped (and counted).</returns>
    public DropReason ReceiveHandshake<TOutbox>(
        in Moment now, in Endpoint from, Span<byte> datagram, int queuedHandshakes, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        DropReason reason;
        lock (_control)
        {
            _claimedPeer = null;
            _claimedKey = null;
            reason = !_isUp ? DropReason.InterfaceDown : Datagram.Classify(datagram) switch
            {
                MessageType.CookieReply => ConsumeCookieReply(now.Now, from, datagram),
                MessageType.Initiation or MessageType.Response => ReceiveMacs(now, from, datagram, queuedHandshakes, ref outbox),
                _ => DropReason.Malformed,
            };
            if (reason != DropReason.None)
            {
                CountHandshakeDrop(reason, now.Now, from);
            }
        }

        return reason;
    }

    /// <summary>§5.3 and §5.4.7: nothing is computed for a message before its MACs are right.</summary>
    private DropReason ReceiveMacs<TOutbox>(
        in Moment now, in Endpoint from, Span<byte> datagram, int queuedHandshakes, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        if (_identity is not { } identity)
        {
            return DropReason.NoPrivateKey;
        }

        bool isUnderLoad = _load.Observe(now.Now, queuedHandshakes);
        NoteLoad(isUnderLoad, now.Now);
        switch (_cookieChecker.Check(datagram, from.Remote, now.Now, isUnderLoad, _entropy))
        {
            case MacState.InvalidMac:
                return DropReason.InvalidMac1;
            case MacState.ValidMacNoCookie when isUnderLoad:
                SendCookieReply(from, datagram, now.Now, ref outbox);
                return DropReason.CookieRequired;
            case MacState.ValidMacWithCookieButRateLimited:
                return DropReason.RateLimited;
            default:
                return InitiationView.TryRead(datagram, out InitiationView initiation)
                    ? ReceiveInitiation(identity, now, from, datagram, initiation, ref outbox)
                    : ConsumeResponse(identity, now, from, datagram, ref outbox);
        }
    }

    private DropReason ReceiveInitiation<TOutbox>(
        StaticIdentity identity, in Moment now, in Endpoint from, ReadOnlySpan<byte> datagram, InitiationView view, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        DropReason reason = ConsumeInitiation(identity, now, from, view, ref outbox);
        if (reason == DropReason.ReplayedTimestamp)
        {
            _refused.Add(datagram);
        }

        return reason;
    }

    private DropReason ConsumeInitiation<TOutbox>(
        StaticIdentity identity, in Moment now, in Endpoint from, InitiationView view, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        var received = default(ReceivedInitiation);
        try
        {
            DropReason reason = received.TryRead(identity, view);
            if (reason != DropReason.None)
            {
                return reason;
            }

            PublicKey remote = received.RemoteStatic;
            _claimedKey = remote;
            if (!_peersByKey.TryGet(remote, out Peer? peer))
            {
                return DropReason.UnknownPeer;
            }

            _claimedPeer = peer;

            reason = peer.Handshake.ConsumeInitiation(identity, now.Now, ref received, view);
            if (reason == DropReason.None)
            {
                ReceivedHandshakeFrom(peer, now.Now, from, InitiationView.Length);
                SendResponse(peer, now.Now, ref outbox);
            }

            return reason;
        }
        finally
        {
            received.Dispose();
        }
    }

    private DropReason ConsumeResponse<TOutbox>(
        StaticIdentity identity, in Moment now, in Endpoint from, Span<byte> datagram, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        _ = ResponseView.TryRead(datagram, out ResponseView view);
        if (!_sessions.TryGet(view.Receiver, out SessionEntry? entry) || entry.Keypair is not null)
        {
            return DropReason.NoMatchingHandshake;
        }

        Peer peer = _claimedPeer = entry.Peer;
        DropReason reason = peer.Handshake.ConsumeResponse(identity, view);
        if (reason != DropReason.None)
        {
            return reason;
        }

        ReceivedHandshakeFrom(peer, now.Now, from, ResponseView.Length);
        if (TryBeginSession(peer, now.Now))
        {
            lock (peer.Gate)
            {
                peer.Timers.HandshakeComplete();
                peer.Named?.HandshakeComplete();
                peer.LastHandshakeUnixNanoseconds = now.UnixNanoseconds;
                peer.CompletedHandshakes++;
                peer.UnconfirmedResponses = 0;
                peer.HandshakeRoundTrip = now.Now - peer.LastSentHandshake;
                ScheduleLocked(peer);
            }

            Note(TunnelEventKind.HandshakeCompleted, peer, now.Now, from.Remote);

            // §5.4.3: the responder may not send before it hears from us, so something is sent at once.
            SendKeepalive(peer, now.Now, ref outbox);
        }

        return DropReason.None;
    }

    private DropReason ConsumeCookieReply(Instant now, in Endpoint from, Span<byte> datagram)
    {
        _ = CookieReplyView.TryRead(datagram, out CookieReplyView view);
        if (!_sessions.TryGet(view.Receiver, out SessionEntry? entry))
        {
            return DropReason.NoMatchingHandshake;
        }

        _claimedPeer = entry.Peer;

        // The cookie changes nothing but the next initiation's mac2: neither the endpoint nor any timer.
        CookieJar jar = entry.Peer.CookieJar;
        bool isAwaited = jar.AwaitsReply;
        if (!jar.TryConsume(view, now))
        {
            return isAwaited ? DropReason.InvalidCookieReply : DropReason.NoMatchingHandshake;
        }

        lock (entry.Peer.Gate)
        {
            entry.Peer.Named?.CookieAccepted(from.Remote);
        }

        Note(TunnelEventKind.CookieReceived, entry.Peer, now, from.Remote);

        return DropReason.None;
    }

    private void ReceivedHandshakeFrom(Peer peer, Instant now, in Endpoint from, int bytes)
    {
        peer.AddReceived(bytes);
        lock (peer.Gate)
        {
            Roam(peer, now, from);
            peer.LastReceived = now;
            peer.ReceivedPackets++;
            peer.Timers.AnyAuthenticatedPacketReceived();
            peer.Timers.AnyAuthenticatedPacketTraversal(now);
            ScheduleLocked(peer);
        }
    }

    /// <summary>Sends an initiation, unless a handshake message went out less than Rekey-Timeout ago. The control lock is held.</summary>
    private void SendInitiation<TOutbox>(Peer peer, in Moment now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        Endpoint endpoint, second;
        lock (peer.Gate)
        {
            if (peer.IsRemoved || peer.CurrentEndpoint.IsNone || _identity is null)
            {
                return;
            }

            if (peer.LastSentHandshake is { } last && now.Now < last + ProtocolConstants.RekeyTimeout)
            {
                peer.Timers.WantRetransmission(last);
                return;
            }

            peer.LastSentHandshake = now.Now;
            endpoint = Destination(peer, now.Now, out second);
        }

        SessionIndex index = TakeHandshakeIndex(peer);
        Span<byte> message = outbox.Reserve(InitiationView.Length)[..InitiationView.Length];
        if (!peer.Handshake.TryCreateInitiation(_identity, now.UnixNanoseconds, _entropy, index, message))
        {
            ReleaseHandshakeIndex(peer); // a low-order public key: nothing is ever sent to it
            return;
        }

        NoteKeys(peer, now.Now);

        PrepareHandshakeMessage(peer, now.Now, message, isInitiation: true);
        lock (peer.Gate)
        {
            peer.Named?.Keep(message, endpoint.Remote, second.Remote);
        }

        SendHandshakeMessage(peer, message.Length, endpoint, ref outbox);
        Note(TunnelEventKind.HandshakeStarted, peer, now.Now, endpoint.Remote, peer.Timers.HandshakeAttempts + 1);
        SendCopy(peer, second.Remote, ref outbox);
    }

    private void SendResponse<TOutbox>(Peer peer, Instant now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        SessionIndex index = TakeHandshakeIndex(peer);
        Span<byte> message = outbox.Reserve(ResponseView.Length)[..ResponseView.Length];
        if (!peer.Handshake.TryCreateResponse(_entropy, index, message))
        {
            ReleaseHandshakeIndex(peer);
            return;
        }

        NoteKeys(peer, now);
        if (TryBeginSession(peer, now))
        {
            PrepareHandshakeMessage(peer, now, message, isInitiation: false);
            SendHandshakeMessage(peer, message.Length, peer.Endpoint, ref outbox);
            Note(TunnelEventKind.HandshakeAnswered, peer, now, peer.Endpoint.Remote);
        }
    }

    /// <summary>Puts the MACs on a message, and moves the timers.</summary>
    private void PrepareHandshakeMessage(Peer peer, Instant now, Span<byte> message, bool isInitiation)
    {
        peer.CookieJar.AddMacs(message, now);
        lock (peer.Gate)
        {
            peer.LastSentHandshake = now;
            peer.SentPackets++;
            peer.Timers.AnyAuthenticatedPacketTraversal(now);
            peer.Timers.AnyAuthenticatedPacketSent();
            if (isInitiation)
            {
                peer.Timers.HandshakeInitiated(now);
            }
            else
            {
                peer.UnconfirmedResponses++;
            }

            ScheduleLocked(peer);
        }
    }

    private static void SendHandshakeMessage<TOutbox>(Peer peer, int length, in Endpoint endpoint, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        peer.AddSent(length);
        outbox.Commit(length, peer, endpoint, ProtocolConstants.HandshakeTrafficClass);
    }

    /// <summary>Turns a finished handshake into a keypair in the peer's slots. The control lock is held.</summary>
    private bool TryBeginSession(Peer peer, Instant now)
    {
        Bytes32 sending = default, receiving = default;
        if (peer.Handshake.LocalIndex is not { } index
            || !peer.Handshake.TryDeriveKeys(sending, receiving, out SessionIndex remote, out bool isInitiator))
        {
            return false;
        }

        var keypair = new Keypair(sending, receiving, index, remote, isInitiator, now);
        keypair.Guard(_guard);
        SecretMemory.Zero(sending);
        SecretMemory.Zero(receiving);
        peer.Handshake.LocalIndex = null;
        lock (peer.Gate)
        {
            (Keypair? first, Keypair? second) = peer.Keypairs.Add(keypair);
            Retire(first);
            Retire(second);
            peer.Timers.SessionDerived(now);
            ScheduleLocked(peer);
        }

        lock (_indexGate)
        {
            _sessions.Replace(index, new SessionEntry(peer, keypair));
        }

        return true;
    }

    private void SendCookieReply<TOutbox>(in Endpoint from, ReadOnlySpan<byte> datagram, Instant now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        Span<byte> reply = outbox.Reserve(CookieReplyView.Length)[..CookieReplyView.Length];
        _cookieChecker.WriteCookieReply(datagram, from.Remote, now, _entropy, reply);
        outbox.Commit(CookieReplyView.Length, null, from, trafficClass: 0); // to a stranger, as the kernel: no AF41
    }

    /// <summary>Gives the peer's handshake a new random index, and takes the old one away.</summary>
    private SessionIndex TakeHandshakeIndex(Peer peer)
    {
        lock (_indexGate)
        {
            if (peer.Handshake.LocalIndex is { } old)
            {
                _sessions.Remove(old);
            }

            SessionIndex index = _sessions.Insert(_entropy, new SessionEntry(peer, null));
            peer.Handshake.LocalIndex = index;
            return index;
        }
    }

    private void ReleaseHandshakeIndex(Peer peer)
    {
        if (peer.Handshake.LocalIndex is { } index)
        {
            peer.Handshake.LocalIndex = null;
            lock (_indexGate)
            {
                _sessions.Remove(index);
            }
        }
    }

    /// <summary>Takes a keypair out of use: no packet finds it any more, and its keys are zeroed.</summary>
    private void Retire(Keypair? keypair)
    {
        if (keypair is null)
        {
            return;
        }

        lock (_indexGate)
        {
            _sessions.Remove(keypair.Local);
        }

        keypair.Dispose();
    }
}
