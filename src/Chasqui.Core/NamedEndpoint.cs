using System.Runtime.CompilerServices;
using Chasqui.Core.Config;
using Chasqui.Core.Timers;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>A peer's endpoint by name: the addresses that the name has, and which of them the next initiation tries.</summary>
/// <remarks>
/// Only peers that were given a name have one. The addresses never take an endpoint's place by themselves: while nothing is heard from a
/// peer its initiations go to two places each, and the endpoint follows whoever answers, as it always does. Guarded by the peer's gate.
/// </remarks>
internal sealed class NamedEndpoint
{
    /// <summary>Initiations without an answer after which a session that is still young counts as silent.</summary>
    private const int SilentAfter = 2;

    private Addresses _addresses;
    private int _count;
    private int _cursor;
    private int _unanswered;
    private IpEndpoint _cookieFrom;
    private byte[]? _initiation;
    private IpEndpoint _sentFirst, _sentSecond;

    internal NamedEndpoint(in EndpointName name, Instant now)
    {
        Name = name;
        Timer = new NameTimer(now);
    }

    /// <summary>The name.</summary>
    internal EndpointName Name { get; }

    /// <summary>When it is resolved.</summary>
    internal NameTimer Timer;

    /// <summary>When copies of the last initiation are to be sent, or <see cref="Instant.Never"/>.</summary>
    internal Instant CopyDue { get; private set; } = Instant.Never;

    /// <summary>When anything is due.</summary>
    internal Instant Due => CopyDue < Timer.Due ? CopyDue : Timer.Due;

    /// <summary>The last initiation with its MACs.</summary>
    internal ReadOnlySpan<byte> Initiation => _initiation;

    /// <summary>How many addresses are known.</summary>
    internal int Count => _count;

    /// <summary>Whether the peer has been silent for so long that its other addresses are tried although there is a session.</summary>
    internal bool IsSilent => _unanswered >= SilentAfter;

    /// <summary>Keeps an initiation that goes out, for the places that an answer may still bring.</summary>
    internal void Keep(ReadOnlySpan<byte> message, in IpEndpoint first, in IpEndpoint second)
    {
        _initiation ??= new byte[InitiationView.Length];
        message.CopyTo(_initiation);
        (_sentFirst, _sentSecond) = (first, second);
        CopyDue = Instant.Never;
    }

    /// <summary>Call when an answer has changed the addresses while nothing is heard from the peer.</summary>
    internal void WantCopies(Instant now) => CopyDue = now;

    /// <summary>Takes the deadline of the copies if it has passed.</summary>
    internal bool TryTakeCopies(Instant now)
    {
        bool isDue = CopyDue <= now;
        CopyDue = isDue ? Instant.Never : CopyDue;
        return isDue;
    }

    /// <summary>The best two of the places to which the last initiation has not gone.</summary>
    internal void PlacesForCopies(in IpEndpoint current, out IpEndpoint first, out IpEndpoint second)
    {
        Span<IpEndpoint> places = stackalloc IpEndpoint[ProtocolConstants.MaxEndpointCandidates + 1];
        int count = ListPlaces(current, places);
        first = second = default;
        for (int i = 0; i < count && second.IsNone; i++)
        {
            if (places[i] == _sentFirst || places[i] == _sentSecond)
            {
                continue;
            }

            (first, second) = first.IsNone ? (places[i], second) : (first, places[i]);
        }
    }

    /// <summary>Call when data has gone unanswered, so that a handshake is begun.</summary>
    internal void DataUnanswered(Instant now)
    {
        _unanswered = Math.Max(_unanswered, SilentAfter);
        Timer.HandshakeFailed(now);
    }

    /// <summary>Call when an initiation has gone unanswered.</summary>
    internal void InitiationUnanswered(Instant now)
    {
        _unanswered = Math.Min(_unanswered + 1, SilentAfter);
        Timer.HandshakeFailed(now);
    }

    /// <summary>Call when a handshake has come to its end.</summary>
    internal void HandshakeComplete()
    {
        _unanswered = 0;
        _cursor = 0;
        _cookieFrom = default;
        Timer.HandshakeComplete();
    }

    /// <summary>Call when a cookie was accepted: it is bound to the address that we sent from, so the same way is gone again.</summary>
    internal void CookieAccepted(in IpEndpoint from) => _cookieFrom = from;

    /// <summary>Takes a resolver's answer.</summary>
    /// <param name="found">The addresses, best first. What is beyond the limit, or no address, is left out.</param>
    /// <returns>Whether they differ from those before. Another order is no difference: many name servers turn their answers round.</returns>
    internal bool Replace(IReadOnlyList<IpEndpoint> found)
    {
        Addresses before = _addresses;
        int countBefore = _count;
        _count = 0;
        bool isV6 = found.Count > 0 && found[0].Address.IsV6;

        // The families in turn, each in the resolver's order: of two initiations one goes each way. RFC 8305, section 4.
        for (int first = NextOf(found, 0, isV6), second = NextOf(found, 0, !isV6); first < found.Count || second < found.Count;)
        {
            Add(found, ref first, isV6);
            Add(found, ref second, !isV6);
        }

        bool isSame = _count == countBefore;
        for (int i = 0; i < _count && isSame; i++)
        {
            isSame = ((ReadOnlySpan<IpEndpoint>)before)[..countBefore].Contains(_addresses[i]);
        }

        _cursor = isSame ? _cursor : 0;
        return !isSame;
    }

    /// <summary>Writes the addresses that are known.</summary>
    internal IpEndpoint[] ToArray() => ((ReadOnlySpan<IpEndpoint>)_addresses)[.._count].ToArray();

    /// <summary>The two places that an initiation goes to while nothing is heard from the peer.</summary>
    /// <param name="current">The endpoint, which is one of the places that are tried in turn, and the first.</param>
    /// <param name="second">The other place; none if there is but one.</param>
    /// <returns>The first place.</returns>
    internal Endpoint NextPair(in Endpoint current, out Endpoint second)
    {
        Span<IpEndpoint> places = stackalloc IpEndpoint[ProtocolConstants.MaxEndpointCandidates + 1];
        int count = ListPlaces(current.Remote, places);
        int cookie = _cookieFrom.IsNone ? -1 : places[..count].IndexOf(_cookieFrom);
        int first = cookie >= 0 ? cookie : Step(count);
        int other = count > 1 ? Step(count) : first;
        other = other == first && count > 1 ? Step(count) : other;
        second = other == first ? default : ToEndpoint(places[other], current);
        return ToEndpoint(places[first], current);
    }

    private static Endpoint ToEndpoint(in IpEndpoint place, in Endpoint current) => place == current.Remote ? current : new Endpoint(place);

    /// <summary>The endpoint, then the addresses beginning with one of the other family.</summary>
    private int ListPlaces(in IpEndpoint current, Span<IpEndpoint> places)
    {
        places[0] = current;
        int count = 1;
        int other = 0;
        while (other < _count && _addresses[other].Address.IsV6 == current.Address.IsV6)
        {
            other++;
        }

        if (other < _count)
        {
            places[count++] = _addresses[other];
        }

        for (int i = 0; i < _count; i++)
        {
            if (i != other && _addresses[i] != current)
            {
                places[count++] = _addresses[i];
            }
        }

        return count;
    }

    private int Step(int count)
    {
        int place = _cursor % count;
        _cursor = place + 1;
        return place;
    }

    private void Add(IReadOnlyList<IpEndpoint> found, ref int next, bool isV6)
    {
        if (next < found.Count)
        {
            if (_count < ProtocolConstants.MaxEndpointCandidates && !((ReadOnlySpan<IpEndpoint>)_addresses)[.._count].Contains(found[next]))
            {
                _addresses[_count++] = found[next];
            }

            next = NextOf(found, next + 1, isV6);
        }
    }

    private static int NextOf(IReadOnlyList<IpEndpoint> found, int from, bool isV6)
    {
        while (from < found.Count && (found[from].IsNone || found[from].Address.IsV6 != isV6))
        {
            from++;
        }

        return from;
    }

    [InlineArray(ProtocolConstants.MaxEndpointCandidates)]
    private struct Addresses
    {
        private IpEndpoint _first;
    }
}
