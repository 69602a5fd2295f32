using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>From the network to the interface: session, open, replay window, source check.</summary>
public sealed partial class Tunnel
{
    // §6.2: "Reject-After-Time - Keepalive-Timeout - Rekey-Timeout": 165 s.
    private static readonly TimeSpan LastMinute =
        ProtocolConstants.RejectAfterTime - ProtocolConstants.KeepaliveTimeout - ProtocolConstants.RekeyTimeout;

    /// <summary>Takes one datagram of any type.</summary>
    /// <param name="now">Both clocks.</param>
    /// <param name="from">Where it came from, and which of our addresses it came to.</param>
    /// <param name="trafficClass">Its outer DSCP and ECN.</param>
    /// <param name="datagram">The datagram; a data message is opened in place.</param>
    /// <param name="outbox">Where answers go.</param>
    /// <returns>What became of it; <c>Deliver</c> gives the inner packet's place in <paramref name="datagram"/>.</returns>
    public Verdict ReceiveDatagram<TOutbox>(
        in Moment now, in Endpoint from, byte trafficClass, Span<byte> datagram, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        MessageType type = Datagram.Classify(datagram);
        if (type != MessageType.Transport)
        {
            DropReason handshakeReason = ReceiveHandshake(now, from, datagram, 0, ref outbox);
            return handshakeReason == DropReason.None ? Verdict.Handled : Verdict.Drop(handshakeReason);
        }

        _ = TransportView.TryRead(datagram, out TransportView view);
        DropReason reason = TryBeginReceive(view.Receiver, now.Now, from, 1, out ReceiveGrant grant);
        if (reason != DropReason.None)
        {
            return Verdict.Drop(reason);
        }

        var slot = new PacketSlot
        {
            Offset = TransportView.HeaderLength,
            Length = datagram.Length - DataOverhead,
            Counter = view.Counter,
        };
        var slots = new Span<PacketSlot>(ref slot);
        grant.Keypair.Open(datagram, slots);
        reason = CommitReceive(grant, now, from, trafficClass, datagram, slots, ref outbox);
        grant.Keypair.Release();
        return slot.Length > 0 ? Verdict.Deliver(slot.Offset, slot.Length)
            : reason == DropReason.None ? Verdict.Handled
            : Verdict.Drop(reason);
    }

    /// <summary>Decide: whose session a receiver index is. Takes no lock.</summary>
    /// <param name="receiver">The receiver field of one or more data messages.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="from">Where they came from.</param>
    /// <param name="packets">How many messages have it, for the counters if it is refused.</param>
    /// <param name="grant">The session. The caller releases its keypair after <see cref="CommitReceive"/>.</param>
    /// <returns><see cref="DropReason.None"/>, or why the messages were dropped (and counted).</returns>
    public DropReason TryBeginReceive(SessionIndex receiver, Instant now, in Endpoint from, int packets, out ReceiveGrant grant)
    {
        grant = default;
        DropReason reason = DropReason.None;
        Peer? peer = null;
        if (!_isUp)
        {
            reason = DropReason.InterfaceDown;
        }
        else if (!_sessions.TryGet(receiver, out SessionEntry? entry) || entry.Keypair is not { } keypair)
        {
            reason = DropReason.UnknownIndex;
        }
        else if (!keypair.CanReceive(now) || !keypair.TryAcquire())
        {
            reason = DropReason.SessionExpired;
            peer = entry.Peer;
        }
        else
        {
            grant = new ReceiveGrant(entry.Peer, keypair);
        }

        if (reason != DropReason.None)
        {
            CountDrop(TunnelEvent.Drop(reason, now, from.Remote), peer, packets);
        }

        return reason;
    }

    /// <summary>Commit: takes a batch that was opened, in order.</summary>
    /// <param name="grant">The session that the batch came on.</param>
    /// <param name="now">Both clocks.</param>
    /// <param name="from">Where the batch came from.</param>
    /// <param name="trafficClass">Its outer DSCP and ECN.</param>
    /// <param name="buffer">The buffer in which the packets lie.</param>
    /// <param name="packets">
    /// The packets. Afterwards each <c>Length</c> is that of the inner packet to deliver, or 0 for nothing to deliver.
    /// </param>
    /// <param name="outbox">Where packets go that were waiting for this session.</param>
    /// <returns>Why the last packet that was dropped was dropped, or <see cref="DropReason.None"/>.</returns>
    public DropReason CommitReceive<TOutbox>(
        in ReceiveGrant grant, in Moment now, in Endpoint from, byte trafficClass,
        scoped Span<byte> buffer, scoped Span<PacketSlot> packets, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        bool isConfirmed;
        DropReason reason;
        Peer peer = grant.Peer;
        lock (peer.Gate)
        {
            reason = AcceptCounters(grant, now.Now, from, packets, out int authentic, out int data);
            if (authentic == 0)
            {
                return reason;
            }

            peer.ReceivedPackets += (ulong)authentic;
            isConfirmed = CommitAuthentic(grant, now, from, data);
        }

        foreach (ref PacketSlot packet in packets)
        {
            if (packet.IsAuthentic)
            {
                DropReason inner = CheckInner(peer, now.Now, from, trafficClass, buffer, ref packet);
                reason = inner == DropReason.None ? reason : inner;
            }
        }

        if (isConfirmed)
        {
            SendStaged(peer, now.Now, ref outbox);
        }

        return reason;
    }

    /// <summary>Marks as not authentic what failed to open or was seen before. The gate is held.</summary>
    private DropReason AcceptCounters(
        in ReceiveGrant grant, Instant now, in Endpoint from, Span<PacketSlot> packets, out int authentic, out int data)
    {
        authentic = data = 0;
        DropReason last = DropReason.None;
        bool isRemoved = grant.Peer.IsRemoved;
        foreach (ref PacketSlot packet in packets)
        {
            DropReason reason = !packet.IsAuthentic ? DropReason.AuthenticationFailed
                : isRemoved || grant.Keypair.HasReceivedItsLast ? DropReason.SessionExpired
                : !grant.Keypair.Replay.TryAccept(packet.Counter) ? DropReason.ReplayedCounter
                : DropReason.None;
            if (reason != DropReason.None)
            {
                CountDrop(TunnelEvent.Drop(last = reason, now, from.Remote), grant.Peer);
                packet.IsAuthentic = false;
                packet.Length = 0;
                continue;
            }

            authentic++;
            data += packet.Length > 0 ? 1 : 0;
        }

        grant.Keypair.Accepted += (ulong)authentic;
        return last;
    }

    /// <summary>What one or more authentic packets mean for the peer: roaming, confirmation, renewal, timers. The gate is held.</summary>
    /// <returns>Whether they confirmed a new session.</returns>
    private bool CommitAuthentic(in ReceiveGrant grant, in Moment now, in Endpoint from, int data)
    {
        Peer peer = grant.Peer;
        Roam(peer, now.Now, from);
        peer.LastReceived = now.Now;
        bool isConfirmed = peer.Keypairs.TryConfirm(grant.Keypair, out Sessions.Keypair? retired);
        if (isConfirmed)
        {
            Retire(retired);
            peer.Timers.HandshakeComplete();
            peer.Named?.HandshakeComplete();
            peer.LastHandshakeUnixNanoseconds = now.UnixNanoseconds;
            peer.CompletedHandshakes++;
            peer.UnconfirmedResponses = 0;
            Note(TunnelEventKind.HandshakeCompleted, peer, now.Now, from.Remote);
        }

        KeepKeyFreshOnReceive(peer, now.Now);
        peer.Timers.AnyAuthenticatedPacketReceived();
        peer.Timers.AnyAuthenticatedPacketTraversal(now.Now);
        if (data > 0)
        {
            peer.CountAnswer();
        }

        for (int i = 0; i < Math.Min(data, 2); i++) // the second one asks for another keepalive; more change nothing
        {
            peer.Timers.DataReceived(now.Now);
        }

        ScheduleLocked(peer);
        return isConfirmed;
    }

    /// <summary>§6.2: an initiator that only receives renews the session before Reject-After-Time, once. The gate is held.</summary>
    private static void KeepKeyFreshOnReceive(Peer peer, Instant now)
    {
        if (!peer.Timers.HasSentLastMinuteHandshake
            && peer.Keypairs.Current is { IsSendingValid: true, IsInitiator: true } keypair
            && now >= keypair.Birth + LastMinute)
        {
            peer.Timers.HasSentLastMinuteHandshake = true;
            QueueInitiation(peer, now, isRetry: false);
        }
    }

    /// <summary>The inner packet: is it IP, as long as it says, and from an address that the peer owns?</summary>
    private DropReason CheckInner(
        Peer peer, Instant now, in Endpoint from, byte trafficClass, Span<byte> buffer, ref PacketSlot packet)
    {
        int received = packet.Length + DataOverhead;
        if (packet.Length == 0)
        {
            peer.AddReceived(received); // a keepalive
            return DropReason.None;
        }

        Span<byte> inner = buffer.Slice(packet.Offset, packet.Length);
        packet.Length = 0;
        if (!IpPacket.TryReadHeader(inner, out IpAddress source, out _, out int length, out _))
        {
            CountDrop(TunnelEvent.Drop(DropReason.InvalidInnerPacket, now, from.Remote), peer);
            return DropReason.InvalidInnerPacket;
        }

        if (_allowedIps.Lookup(source) is var owner && owner != peer)
        {
            TunnelEvent drop = TunnelEvent.Drop(DropReason.SourceNotAllowed, now, from.Remote);
            CountDrop(drop with { Inner = source, Owner = owner?.PublicKey }, peer);
            return DropReason.SourceNotAllowed;
        }

        if (IpPacket.IsCongestionExperienced(trafficClass))
        {
            IpPacket.SetCongestionExperienced(inner[..length]);
        }

        peer.AddReceived(received);
        packet.Length = length;
        return DropReason.None;
    }
}
