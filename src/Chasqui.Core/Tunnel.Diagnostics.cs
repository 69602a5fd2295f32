using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>What the owner is told: counters for the device and each peer, and the journal.</summary>
public sealed partial class Tunnel
{
    // Whose the handshake message in hand is, as far as it has shown: a peer's, or a key that is no peer's. Guarded by _control.
    private Peer? _claimedPeer;
    private PublicKey? _claimedKey;

    // Guarded by _control.
    private bool _wasUnderLoad;

    /// <summary>Counts packets that were dropped, and takes note of one of them.</summary>
    /// <param name="drop">What is known of it. Its <see cref="TunnelEvent.Peer"/> may stay none if <paramref name="peer"/> is given.</param>
    /// <param name="peer">Whose they were, as far as authenticated keys or indices tell.</param>
    /// <param name="packets">How many.</param>
    public void CountDrop(in TunnelEvent drop, Peer? peer = null, int packets = 1)
    {
        Drops.Add(drop.Reason, packets);
        if (peer is null)
        {
            Journal.Add(drop);
            return;
        }

        peer.CountDrop(drop.Reason, packets);
        Journal.Add(drop with { Peer = peer.PublicKey });
    }

    /// <summary>Whether the caller hears what the network says of datagrams that did not arrive: the status says so.</summary>
    public bool HearsNetworkErrors { get; set; }

    /// <summary>
    /// Takes note of what the network says of a datagram to a peer: <see cref="TunnelEventKind.SendFailed"/>. Nothing else comes of it, since anybody can say so.
    /// </summary>
    /// <param name="remote">Where the datagram was sent to; what is no peer's endpoint is passed over. The scope does not count.</param>
    /// <param name="errno">What is said, by errno(3).</param>
    /// <param name="now">Monotonic time.</param>
    public void NoteUnreachable(in IpEndpoint remote, int errno, Instant now)
    {
        lock (_control)
        {
            foreach (Peer peer in _peers)
            {
                if (EndpointOf(peer) is var endpoint && endpoint.Address == remote.Address && endpoint.Port == remote.Port)
                {
                    Note(TunnelEventKind.SendFailed, peer, now, endpoint, errno);
                    return;
                }
            }
        }

        static IpEndpoint EndpointOf(Peer peer)
        {
            lock (peer.Gate)
            {
                return peer.CurrentEndpoint.Remote;
            }
        }
    }

    /// <summary>Everything that tells why a tunnel works or does not.</summary>
    /// <param name="now">Both clocks.</param>
    /// <param name="listenPort">The port, which the caller knows.</param>
    /// <param name="fwMark">The mark, likewise.</param>
    public TunnelStatus Status(in Moment now, ushort listenPort, uint fwMark)
    {
        lock (_control)
        {
            var peers = new List<PeerStatus>(_peers.Count);
            foreach (Peer peer in _peers)
            {
                peers.Add(Status(peer, now.Now));
            }

            return new TunnelStatus
            {
                At = now.Now,
                UnixNanoseconds = now.UnixNanoseconds,
                PublicKey = _identity?.PublicKey,
                IsUp = _isUp,
                Mtu = _mtu,
                ListenPort = listenPort,
                FwMark = fwMark,
                IsUnderLoad = _wasUnderLoad,
                IsRecordingKeys = IsRecordingKeys(now.Now),
                HearsNetworkErrors = HearsNetworkErrors,
                Drops = Drops.ToDictionary(),
                EventCounts = Journal.Counts(),
                Recent = Journal.Recent(),
                Peers = peers,
            };
        }
    }

    private PeerStatus Status(Peer peer, Instant now)
    {
        var allowedIps = new List<IpPrefix>();
        _allowedIps.CopyPrefixes(peer, allowedIps);
        lock (peer.Gate)
        {
            Keypair? sending = peer.Keypairs.Current;
            return new PeerStatus
            {
                PublicKey = peer.PublicKey,
                HasPresharedKey = peer.Handshake.PresharedKey is not null,
                Endpoint = peer.CurrentEndpoint.Remote,
                EndpointName = peer.Named?.Name ?? default,
                AllowedIps = allowedIps,
                PersistentKeepaliveSeconds = peer.Timers.PersistentKeepaliveSeconds,
                ReceivedBytes = peer.ReceivedBytes,
                SentBytes = peer.SentBytes,
                ReceivedPackets = peer.ReceivedPackets,
                SentPackets = peer.SentPackets,
                CompletedHandshakes = peer.CompletedHandshakes,
                LastHandshakeUnixNanoseconds = peer.LastHandshakeUnixNanoseconds,
                LastTimestampUnixNanoseconds = peer.Handshake.LatestTimestampUnixNanoseconds,
                SinceReceived = peer.LastReceived is { } received ? now - received : null,
                UnansweredPackets = peer.UnansweredPackets,
                UnansweredFor = peer.UnansweredPackets > 0 ? now - peer.UnansweredSince : null,
                SessionAge = sending is not null && sending.CanSend(now, packets: 1) ? now - sending.Birth : null,
                IsHandshaking = peer.Timers.IsRetransmissionPending,
                HandshakeAttempts = peer.Timers.HandshakeAttempts,
                UnconfirmedResponses = peer.UnconfirmedResponses,
                HandshakeRoundTrip = peer.HandshakeRoundTrip,
                StagedPackets = peer.Staged?.Count ?? 0,
                SessionPackets = sending?.Accepted ?? 0,
                SessionPacketsMissing = sending is null ? 0 : sending.Replay.Next - sending.Accepted,
                Drops = peer.Drops?.ToDictionary() ?? [],
            };
        }
    }

    /// <summary>Takes note of something that happened to a peer.</summary>
    private void Note(TunnelEventKind kind, Peer peer, Instant now, in IpEndpoint remote = default, long number = 0) =>
        Journal.Add(new TunnelEvent { Kind = kind, At = now, Peer = peer.PublicKey, Remote = remote, Number = number });

    private void CountHandshakeDrop(DropReason reason, Instant now, in Endpoint from)
    {
        TunnelEvent drop = TunnelEvent.Drop(reason, now, from.Remote) with { Peer = _claimedKey };
        CountDrop(drop, _claimedPeer);
    }

    private void NoteLoad(bool isUnderLoad, Instant now)
    {
        if (isUnderLoad != _wasUnderLoad)
        {
            _wasUnderLoad = isUnderLoad;
            Journal.Add(new TunnelEvent { Kind = isUnderLoad ? TunnelEventKind.UnderLoadBegan : TunnelEventKind.UnderLoadEnded, At = now });
        }
    }

    /// <summary>§2.1: the peer is where its last authentic packet came from. The gate is held.</summary>
    private void Roam(Peer peer, Instant now, in Endpoint from)
    {
        IpEndpoint before = peer.CurrentEndpoint.Remote;
        if (before != from.Remote)
        {
            Journal.Add(new TunnelEvent
            {
                Kind = TunnelEventKind.PeerRoamed,
                At = now,
                Peer = peer.PublicKey,
                Remote = from.Remote,
                Before = before,
            });
        }

        peer.CurrentEndpoint = from;
    }
}
