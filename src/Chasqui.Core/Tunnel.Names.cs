using System.Diagnostics.CodeAnalysis;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>Endpoints by name: when they are to be resolved, and what becomes of the answers.</summary>
public sealed partial class Tunnel
{
    // Guarded by the control lock; the count is read without it.
    private readonly Queue<NameQuery> _nameQueries = new();
    private volatile int _nameQueryCount;

    /// <summary>Takes a name that is to be resolved. Call after <see cref="Tick"/>, until there is none.</summary>
    /// <param name="query">What to resolve; goes back through <see cref="AnswerName"/> or <see cref="FailName"/>.</param>
    public bool TryTakeNameQuery([NotNullWhen(true)] out NameQuery? query)
    {
        query = null;
        if (_nameQueryCount == 0)
        {
            return false;
        }

        lock (_control)
        {
            _ = _nameQueries.TryDequeue(out query);
            _nameQueryCount = _nameQueries.Count;
        }

        return query is not null;
    }

    /// <summary>Takes a resolver's addresses.</summary>
    /// <param name="query">The question.</param>
    /// <param name="addresses">The addresses, best first: one or more.</param>
    /// <param name="timeToLive">How long they are good.</param>
    /// <param name="now">Monotonic time.</param>
    /// <remarks>A session that works stays where it is. A peer without an endpoint gets the best address, and what waited for one is begun.</remarks>
    public NameOutcome AnswerName(NameQuery query, IReadOnlyList<IpEndpoint> addresses, TimeSpan timeToLive, Instant now)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Count, nameof(addresses));
        Peer peer = query.Peer;
        lock (peer.Gate)
        {
            if (peer.IsRemoved || peer.Named != query.Named)
            {
                return NameOutcome.Stale;
            }

            query.Named.Timer.Resolved(now, timeToLive);
            bool isChanged = query.Named.Replace(addresses);
            bool isPlaced = peer.CurrentEndpoint.IsNone;
            NoteResolved(peer, now, isChanged || isPlaced ? addresses[0] : default);
            if (isPlaced)
            {
                Place(peer, addresses[0], now);
            }
            else if (isChanged && IsRacing(peer, now))
            {
                query.Named.WantCopies(now);
            }

            ScheduleLocked(peer);
            return isPlaced ? NameOutcome.Placed : isChanged ? NameOutcome.Changed : NameOutcome.Same;
        }
    }

    /// <summary>Takes it in that a name could not be resolved.</summary>
    /// <param name="query">The question.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>How long until it is asked again; null if nobody wants to know any more.</returns>
    public TimeSpan? FailName(NameQuery query, Instant now)
    {
        ArgumentNullException.ThrowIfNull(query);
        Peer peer = query.Peer;
        lock (peer.Gate)
        {
            if (peer.IsRemoved || peer.Named != query.Named)
            {
                return null;
            }

            TimeSpan pause = query.Named.Timer.Failed(now, query.Named.Count > 0);
            ScheduleLocked(peer);
            Note(TunnelEventKind.EndpointNotResolved, peer, now, number: (long)pause.TotalSeconds);
            return pause;
        }
    }

    /// <summary>Takes note of a new address, if it is one and not where the peer is anyway. The gate is held.</summary>
    private void NoteResolved(Peer peer, Instant now, in IpEndpoint address)
    {
        IpEndpoint before = peer.CurrentEndpoint.Remote;
        if (!address.IsNone && address != before)
        {
            Journal.Add(new TunnelEvent
            {
                Kind = TunnelEventKind.EndpointResolved,
                At = now,
                Peer = peer.PublicKey,
                Remote = address,
                Before = before,
            });
        }
    }

    /// <summary>Gives a peer its first endpoint, and begins what could not be begun without. The gate is held.</summary>
    private void Place(Peer peer, in IpEndpoint address, Instant now)
    {
        peer.CurrentEndpoint = new Endpoint(address);
        if (_isUp && peer.Timers.PersistentKeepaliveSeconds > 0)
        {
            peer.Timers.WantPersistentKeepalive(now);
        }

        QueueInitiationForStaged(peer, now);
    }

    /// <summary>Sets, keeps or forgets the name of a peer's endpoint. The gate is held.</summary>
    private static void ApplyName(Peer peer, PeerChange change, Instant now)
    {
        if (change.EndpointName is { IsNone: false } name)
        {
            peer.Named = peer.Named is { } known && known.Name == name ? known : new NamedEndpoint(name, now);
        }
        else if (change.EndpointName is not null || change.Endpoint is not null)
        {
            peer.Named = null; // whoever gives an address means it
        }
    }

    /// <summary>Asks for a name that is due, or sends an initiation on to what it has turned out to be. The control lock is held.</summary>
    private void RunNameDeadlines<TOutbox>(Peer peer, Instant now, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        IpEndpoint first, second;
        lock (peer.Gate)
        {
            if (peer.Named is not { } named || peer.IsRemoved)
            {
                return;
            }

            if (named.Timer.TryTake(now))
            {
                _nameQueries.Enqueue(new NameQuery(peer, named));
                _nameQueryCount = _nameQueries.Count;
            }

            // A name that came after the initiation has no copy of it: its addresses are tried with the next one.
            if (!named.TryTakeCopies(now) || peer.Handshake.State != HandshakeState.CreatedInitiation || named.Initiation.IsEmpty)
            {
                return;
            }

            named.PlacesForCopies(peer.CurrentEndpoint.Remote, out first, out second);
        }

        SendCopy(peer, first, ref outbox);
        SendCopy(peer, second, ref outbox);
    }

    /// <summary>
    /// Sends the last initiation to another place. The peer answers the first that comes, and drops the others as replays (§5.1).
    /// The control lock is held, without which no initiation is made.
    /// </summary>
    private static void SendCopy<TOutbox>(Peer peer, in IpEndpoint place, ref TOutbox outbox)
        where TOutbox : IOutbox, allows ref struct
    {
        if (!place.IsNone)
        {
            peer.Named!.Initiation.CopyTo(outbox.Reserve(InitiationView.Length));
            SendHandshakeMessage(peer, InitiationView.Length, new Endpoint(place), ref outbox);
        }
    }

    /// <summary>Where an initiation goes: to the endpoint, or, while nothing is heard from a peer with a name, to two places. The gate is held.</summary>
    private static Endpoint Destination(Peer peer, Instant now, out Endpoint second)
    {
        second = default;
        return IsRacing(peer, now) ? peer.Named!.NextPair(peer.CurrentEndpoint, out second) : peer.CurrentEndpoint;
    }

    /// <summary>Whether a peer has a name and nothing is heard from it: no session, or silence where an answer was due. The gate is held.</summary>
    private static bool IsRacing(Peer peer, Instant now) => peer.Named is { } named
        && (named.IsSilent || peer.Keypairs.Current is not { } keypair || !keypair.CanSend(now, 1));
}
