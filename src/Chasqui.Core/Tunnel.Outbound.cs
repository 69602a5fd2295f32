using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>From the interface to the network: route, keypair, counter, seal.</summary>
public sealed partial class Tunnel
{
    /// <summary>Bytes that a data message adds to the padded packet: header and tag.</summary>
    public const int DataOverhead = TransportView.HeaderLength + ProtocolConstants.TagLength;

    /// <summary>The longest datagram in bytes that is ever made: the longest inner packet, padded. It may be too long to be sent.</summary>
    public const int MaxDatagramLength = ushort.MaxValue + ProtocolConstants.PaddingMultiple - 1 + DataOverhead;

    /// <summary>Sends one inner packet: seals it, or stages it and starts a handshake.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="packet">An IP packet.</param>
    /// <param name="outbox">Where the datagram goes.</param>
    /// <returns>
    /// Handled, or dropped for <see cref="DropReason.InvalidInnerPacket"/>, <see cref="DropReason.NoPeerForDestination"/>,
    /// <see cref="DropReason.NoEndpoint"/> or <see cref="DropReason.InterfaceDown"/>.
    /// </returns>
    public Verdict SendPacket<TOutbox>(Instant now, ReadOnlySpan<byte> packet, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        DropReason reason = Route(now, packet, out Peer? peer);
        if (reason != DropReason.None)
        {
            return Verdict.Drop(reason);
        }

        bool isGranted;
        SendGrant grant;
        lock (peer!.Gate)
        {
            if (peer.IsRemoved || !_isUp)
            {
                return Drop(peer.IsRemoved ? DropReason.NoPeerForDestination : DropReason.InterfaceDown, now);
            }

            isGranted = TryReserveData(peer, now, 1, out grant);
            if (!isGranted)
            {
                Stage(peer, now, packet);
            }
        }

        if (isGranted)
        {
            SealOne(peer, grant, grant.FirstCounter, packet, ref outbox);
            grant.Keypair.Release();
        }
        else
        {
            SendStaged(peer, now, ref outbox);
        }

        return Verdict.Handled;
    }

    /// <summary>Decide, first half: whom a packet is for. Takes no lock.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="packet">An IP packet, or its first bytes up to and including the destination address.</param>
    /// <param name="peer">The peer that owns the destination, if it has an endpoint.</param>
    /// <returns><see cref="DropReason.None"/>, or why the packet was dropped (and counted).</returns>
    public DropReason Route(Instant now, ReadOnlySpan<byte> packet, out Peer? peer)
    {
        peer = null;
        DropReason reason = DropReason.None;
        IpAddress destination = default;
        if (!_isUp)
        {
            reason = DropReason.InterfaceDown;
        }
        else if (!IpPacket.TryReadDestination(packet, out destination))
        {
            reason = DropReason.InvalidInnerPacket;
        }
        else if ((peer = _allowedIps.Lookup(destination)) is null)
        {
            reason = DropReason.NoPeerForDestination;
        }
        else if (!peer.HasEndpoint)
        {
            reason = DropReason.NoEndpoint;
        }

        if (reason != DropReason.None)
        {
            CountDrop(TunnelEvent.Drop(reason, now) with { Inner = destination }, peer);
        }

        return reason;
    }

    /// <summary>Decide, second half: reserves counters for a batch of data packets to one peer.</summary>
    /// <param name="peer">The peer, from <see cref="Route"/>.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="packets">How many packets: 1 or more.</param>
    /// <param name="datagramBytes">Sum of the lengths of the datagrams that they become.</param>
    /// <param name="grant">What to send them with. The caller releases its keypair after sealing.</param>
    /// <returns>
    /// <see langword="false"/> if there is no session, or packets wait that came before: then each packet goes through
    /// <see cref="SendPacket"/>, which puts it behind them.
    /// </returns>
    public bool TryBeginSend(Peer peer, Instant now, int packets, int datagramBytes, out SendGrant grant)
    {
        ArgumentNullException.ThrowIfNull(peer);
        lock (peer.Gate)
        {
            if (!TryReserveData(peer, now, packets, out grant))
            {
                return false;
            }
        }

        peer.AddSent(datagramBytes);
        return true;
    }

    /// <summary>Length of a packet of <paramref name="length"/> bytes with its padding.</summary>
    /// <remarks>§5.4.6: to a multiple of 16, but never past the MTU. A packet longer than the MTU pads its last MTU-sized part.</remarks>
    public int PaddedLength(int length)
    {
        int mtu = _mtu;
        int last = mtu > 0 && length > mtu ? length % mtu : length;
        int aligned = (last + ProtocolConstants.PaddingMultiple - 1) & -ProtocolConstants.PaddingMultiple;
        return length - last + (mtu > 0 ? Math.Min(mtu, aligned) : aligned);
    }

    /// <summary>Seals and sends what waits for the peer, or sees to it that a handshake is begun.</summary>
    private void SendStaged<TOutbox>(Peer peer, Instant now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        StagedPackets packets;
        SendGrant grant;
        lock (peer.Gate)
        {
            if (peer.Staged is not { Count: > 0 } staged)
            {
                return;
            }

            if (!TryReserve(peer, now, staged.Count, out grant))
            {
                QueueInitiation(peer, now, isRetry: false);
                ScheduleLocked(peer);
                return;
            }

            packets = staged;
            peer.Staged = null;
        }

        int data = 0;
        ulong counter = grant.FirstCounter;
        while (packets.Count > 0)
        {
            byte[] packet = packets.Take();
            data += packet.Length > 0 ? 1 : 0;
            SealOne(peer, grant, counter++, packet, ref outbox);
        }

        grant.Keypair.Release();
        lock (peer.Gate)
        {
            if (data > 0)
            {
                peer.Timers.DataSent(now);
                peer.CountUnanswered(data, now);
            }

            KeepKeyFreshOnSend(peer, now);
            ScheduleLocked(peer);
        }
    }

    private void SealOne<TOutbox>(Peer peer, in SendGrant grant, ulong counter, ReadOnlySpan<byte> packet, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        int padded = PaddedLength(packet.Length);
        int length = padded + DataOverhead;
        Span<byte> datagram = outbox.Reserve(length)[..length];
        TransportView.WriteHeader(datagram, grant.Keypair.Remote, counter);
        packet.CopyTo(datagram[TransportView.HeaderLength..]);
        datagram.Slice(TransportView.HeaderLength + packet.Length, padded - packet.Length).Clear();
        var slot = new PacketSlot { Offset = TransportView.HeaderLength, Length = padded, Counter = counter };
        grant.Keypair.Seal(datagram, new Span<PacketSlot>(ref slot));
        if (!grant.Endpoint.IsNone)
        {
            byte trafficClass = packet.IsEmpty ? (byte)0 : IpPacket.EncapsulatedTrafficClass(IpPacket.TrafficClass(packet));
            outbox.Commit(length, peer, grant.Endpoint, trafficClass);
            peer.AddSent(length);
        }
    }

    /// <summary>Puts a packet (or, empty, a keepalive) at the end of the peer's queue. The gate is held.</summary>
    private void Stage(Peer peer, Instant now, ReadOnlySpan<byte> packet)
    {
        peer.Staged ??= new StagedPackets();
        if (peer.Staged.Add(packet))
        {
            CountDrop(TunnelEvent.Drop(DropReason.StagedQueueFull, now), peer);
        }
    }

    /// <summary>Takes a keypair and counters for data that nothing waits in front of. The gate is held.</summary>
    private bool TryReserveData(Peer peer, Instant now, int packets, out SendGrant grant)
    {
        grant = default;
        if (peer.Staged is { Count: > 0 } || !TryReserve(peer, now, packets, out grant))
        {
            return false;
        }

        peer.Timers.DataSent(now);
        peer.CountUnanswered(packets, now);
        KeepKeyFreshOnSend(peer, now);
        ScheduleLocked(peer);
        return true;
    }

    /// <summary>Takes a keypair and counters for a batch. The gate is held.</summary>
    private bool TryReserve(Peer peer, Instant now, int packets, out SendGrant grant)
    {
        grant = default;
        if (peer.Keypairs.Current is not { } keypair || !_isUp || !keypair.CanSend(now, packets) || !keypair.TryAcquire())
        {
            return false;
        }

        grant = new SendGrant(keypair, keypair.SendCounter, peer.CurrentEndpoint);
        keypair.SendCounter += (ulong)packets;
        peer.SentPackets += (ulong)packets;
        peer.Timers.AnyAuthenticatedPacketTraversal(now);
        peer.Timers.AnyAuthenticatedPacketSent();
        return true;
    }

    /// <summary>§6.2: an initiator renews a session after Rekey-After-Time, anybody after Rekey-After-Messages. The gate is held.</summary>
    private static void KeepKeyFreshOnSend(Peer peer, Instant now)
    {
        if (peer.Keypairs.Current is { IsSendingValid: true } keypair
            && (keypair.SendCounter > ProtocolConstants.RekeyAfterMessages
                || (keypair.IsInitiator && now >= keypair.Birth + ProtocolConstants.RekeyAfterTime)))
        {
            QueueInitiation(peer, now, isRetry: false);
        }
    }

    /// <summary>Asks for an initiation: now, or when Rekey-Timeout after the last handshake message is over. The gate is held.</summary>
    /// <remarks>
    /// The kernel forgets a request that comes too soon, and takes the next one that does not. Two hosts whose initiations cross
    /// answer each other, so that neither response fits, and do so again every five seconds while both have something to send;
    /// or both forget, and wait for more. Here the retransmission timer, which is jittered, has the word while it runs.
    /// </remarks>
    private static void QueueInitiation(Peer peer, Instant now, bool isRetry)
    {
        peer.Timers.CountAttempt(isRetry);
        if (peer.LastSentHandshake is not { } last)
        {
            peer.Timers.WantInitiation(now);
        }
        else if (!peer.Timers.IsRetransmissionPending && now >= last + ProtocolConstants.RekeyTimeout)
        {
            peer.Timers.WantInitiation(now);
        }
        else
        {
            peer.Timers.WantRetransmission(last);
        }
    }

    private Verdict Drop(DropReason reason, Instant now)
    {
        CountDrop(TunnelEvent.Drop(reason, now));
        return Verdict.Drop(reason);
    }
}
