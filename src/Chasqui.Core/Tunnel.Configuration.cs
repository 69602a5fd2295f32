using System.Buffers.Binary;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>Configuration: applied in place, sessions and counters kept.</summary>
public sealed partial class Tunnel
{
    /// <summary>Applies a change whole, or not at all.</summary>
    /// <param name="change">The change. Its listen port and mark concern the sockets, which the caller has seen to before.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns><see langword="false"/>, and nothing changed, if it would make more than 2^20 peers.</returns>
    public bool TryApply(DeviceChange change, Instant now)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_control)
        {
            if (CountAfter(change) > ProtocolConstants.MaxPeers)
            {
                return false;
            }

            if (change.ReplacePeers)
            {
                RemoveAllPeers();
            }

            if (change.ListenPort is not null || change.FwMark is not null)
            {
                ClearSources(); // another socket, perhaps another route
            }

            if (change.PrivateKey is { } privateKey)
            {
                SetPrivateKey(privateKey, now);
            }

            foreach (PeerChange peer in change.Peers)
            {
                ApplyPeer(peer, now);
            }

            return true;
        }
    }

    /// <summary>How many peers there can be after a change at most; a new key that it names twice counts twice.</summary>
    private int CountAfter(DeviceChange change)
    {
        int count = change.ReplacePeers ? 0 : _peers.Count;
        if (count + change.Peers.Count <= ProtocolConstants.MaxPeers)
        {
            return count + change.Peers.Count;
        }

        foreach (PeerChange peer in change.Peers)
        {
            bool isNew = !peer.Remove && !peer.UpdateOnly && (change.ReplacePeers || !_peersByKey.TryGet(peer.PublicKey, out _));
            count += isNew ? 1 : 0;
        }

        return count;
    }

    /// <summary>The configuration and state at this moment.</summary>
    /// <param name="listenPort">The sockets' port, which the core does not know.</param>
    /// <param name="fwMark">The sockets' mark, likewise.</param>
    /// <returns>A snapshot with copies of the secrets; the caller disposes it.</returns>
    public DeviceSnapshot Snapshot(ushort listenPort, uint fwMark)
    {
        lock (_control)
        {
            var peers = new List<PeerSnapshot>(_peers.Count);
            foreach (Peer peer in _peers)
            {
                peers.Add(Snapshot(peer));
            }

            return new DeviceSnapshot
            {
                PrivateKey = _identity is null ? null : new PrivateKey(_identity.PrivateKey.DangerousSpan),
                ListenPort = listenPort,
                FwMark = fwMark,
                Peers = peers,
            };
        }
    }

    /// <summary>The peers that send from a fixed address, for a check whether that address is still right.</summary>
    public IReadOnlyList<Peer> PeersWithSource()
    {
        lock (_control)
        {
            var peers = new List<Peer>();
            foreach (Peer peer in _peers)
            {
                if (!peer.Endpoint.Source.IsNone)
                {
                    peers.Add(peer);
                }
            }

            return peers;
        }
    }

    /// <summary>The interface came up: what was configured to be kept alive is.</summary>
    public void Up(Instant now)
    {
        lock (_control)
        {
            _isUp = true;
            foreach (Peer peer in _peers)
            {
                lock (peer.Gate)
                {
                    if (peer.Timers.PersistentKeepaliveSeconds > 0)
                    {
                        peer.Timers.WantPersistentKeepalive(now);
                    }

                    ScheduleLocked(peer);
                }
            }
        }
    }

    /// <summary>The interface went down: sessions, handshakes, timers and waiting packets are dropped. The configuration stays.</summary>
    public void Down()
    {
        lock (_control)
        {
            _isUp = false;
            foreach (Peer peer in _peers)
            {
                Quiesce(peer);
            }
        }
    }

    private PeerSnapshot Snapshot(Peer peer)
    {
        var allowedIps = new List<IpPrefix>();
        _allowedIps.CopyPrefixes(peer, allowedIps);
        lock (peer.Gate)
        {
            return new PeerSnapshot
            {
                PublicKey = peer.PublicKey,
                PresharedKey = peer.Handshake.PresharedKey is { } key ? new PresharedKey(key.DangerousSpan) : null,
                Endpoint = peer.CurrentEndpoint.Remote,
                EndpointName = peer.Named?.Name ?? default,
                LastHandshakeUnixNanoseconds = peer.LastHandshakeUnixNanoseconds,
                ReceivedBytes = peer.ReceivedBytes,
                SentBytes = peer.SentBytes,
                PersistentKeepaliveSeconds = peer.Timers.PersistentKeepaliveSeconds,
                AllowedIps = allowedIps,
            };
        }
    }

    private void ClearSources()
    {
        foreach (Peer peer in _peers)
        {
            lock (peer.Gate)
            {
                peer.CurrentEndpoint = peer.CurrentEndpoint.WithoutSource();
            }
        }
    }

    /// <summary>Changes our own key: sessions made with the old one send no more, and a peer that has the new one is ourselves.</summary>
    private void SetPrivateKey(PrivateKey privateKey, Instant now)
    {
        if (_identity is { } old && old.PrivateKey.FixedTimeEquals(privateKey))
        {
            return;
        }

        StaticIdentity? identity = privateKey.IsZero ? null : new StaticIdentity(privateKey);
        if (identity is not null && _peersByKey.TryGet(identity.PublicKey, out Peer? self))
        {
            RemovePeer(self);
        }

        _identity?.Dispose();
        _identity = identity;
        if (identity is not null)
        {
            _guard?.Guard(identity.PrivateKey.DangerousSpan);
        }

        _cookieChecker.SetPublicKey(identity?.PublicKey ?? default);
        foreach (Peer peer in _peers)
        {
            peer.Handshake.ForgetStaticStatic();
            peer.Handshake.Clear();
            ReleaseHandshakeIndex(peer);
            lock (peer.Gate)
            {
                peer.LastSentHandshake = null;
                peer.Keypairs.ExpireSending();
                QueueInitiationForStaged(peer, now);
            }
        }
    }

    private void ApplyPeer(PeerChange change, Instant now)
    {
        bool isKnown = _peersByKey.TryGet(change.PublicKey, out Peer? peer);
        if (change.Remove)
        {
            if (isKnown)
            {
                RemovePeer(peer!);
            }

            return;
        }

        if (!isKnown)
        {
            if (change.UpdateOnly || _identity?.PublicKey == change.PublicKey)
            {
                return; // nobody to update, or ourselves: the kernel takes neither for an error
            }

            peer = AddPeer(change.PublicKey);
        }

        if (change.PresharedKey is { } presharedKey)
        {
            peer!.Handshake.SetPresharedKey(presharedKey);
        }

        ApplyAllowedIps(peer!, change);
        ApplyGated(peer!, change, now);
    }

    private void ApplyAllowedIps(Peer peer, PeerChange change)
    {
        if (change.ReplaceAllowedIps)
        {
            _allowedIps.RemoveAll(peer);
        }

        foreach (AllowedIpChange allowedIp in change.AllowedIps)
        {
            if (allowedIp.Remove)
            {
                _allowedIps.Remove(allowedIp.Prefix, peer);
            }
            else
            {
                _allowedIps.Insert(allowedIp.Prefix, peer);
            }
        }
    }

    private void ApplyGated(Peer peer, PeerChange change, Instant now)
    {
        lock (peer.Gate)
        {
            if (change.Endpoint is { } endpoint)
            {
                peer.CurrentEndpoint = new Endpoint(endpoint);
            }

            ApplyName(peer, change, now);
            if (change.PersistentKeepaliveSeconds is { } seconds)
            {
                bool isTurnedOn = peer.Timers.PersistentKeepaliveSeconds == 0 && seconds > 0;
                peer.Timers.PersistentKeepaliveSeconds = seconds;
                if (isTurnedOn && _isUp)
                {
                    peer.Timers.WantPersistentKeepalive(now); // turning it on sends one at once
                }
            }

            QueueInitiationForStaged(peer, now);
        }
    }

    /// <summary>What waited may have waited for this change. The gate is held.</summary>
    private void QueueInitiationForStaged(Peer peer, Instant now)
    {
        if (_isUp && peer.Staged is { Count: > 0 })
        {
            QueueInitiation(peer, now, isRetry: false);
        }

        ScheduleLocked(peer);
    }

    private Peer AddPeer(in PublicKey publicKey)
    {
        Span<byte> seed = stackalloc byte[8];
        _entropy.Fill(seed);
        var peer = new Peer(publicKey, BinaryPrimitives.ReadUInt64LittleEndian(seed), _guard);
        _peersByKey.TryAdd(publicKey, peer);
        peer.Node = _peers.AddLast(peer);
        return peer;
    }

    private void RemovePeer(Peer peer)
    {
        _allowedIps.RemoveAll(peer);
        _peersByKey.Remove(peer.PublicKey);
        _refused.Clear(); // its timestamps are gone: what was refused may be good once more
        _peers.Remove(peer.Node!);
        lock (peer.Gate)
        {
            peer.IsRemoved = true;
        }

        Quiesce(peer);
        peer.Handshake.Dispose();
        peer.CookieJar.Dispose();
        lock (_deadlineGate)
        {
            _deadlines.Remove(peer);
            PublishNextDeadline();
        }
    }

    private void RemoveAllPeers()
    {
        while (_peers.First is { } node)
        {
            RemovePeer(node.Value);
        }
    }

    /// <summary>Ends everything that is under way with a peer.</summary>
    private void Quiesce(Peer peer)
    {
        ClearSession(peer);
        lock (peer.Gate)
        {
            PurgeStaged(peer, DropReason.InterfaceDown);
            peer.Timers.StopAll();
            peer.LastSentHandshake = null;
        }
    }
}
