using static Chasqui.Core.ProtocolConstants;

namespace Chasqui.Core.Timers;

/// <summary>When an endpoint's name is to be resolved, driven by what happens to the session and by the resolver's answers.</summary>
/// <remarks>
/// <code>
///  due at once: the name is new
///  due when the answer's time to live is over, but not before 30 s and not after an hour
///  due when a handshake goes unanswered: at most once in Rekey-Timeout, then 10, 20, 40, 60 s, until one is answered
///  due after a failure: 1 s, then 1.2 times as long each time, up to 60 s; from 30 s if there are older addresses to go on with
///  never due while it is being resolved
/// </code>
/// Each event is a method that moves one deadline and does nothing else. Guarded by the peer's gate.
/// </remarks>
internal struct NameTimer
{
    internal static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);
    internal static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private Instant _asked;
    private TimeSpan _retry;
    private TimeSpan _gap;

    /// <summary>A name that nobody has asked for.</summary>
    internal NameTimer(Instant now)
    {
        Due = now;
        _gap = RekeyTimeout;
    }

    /// <summary>When the name is to be resolved; <see cref="Instant.Never"/> while it is.</summary>
    internal Instant Due { get; private set; }

    /// <summary>Whether the resolver has not answered yet.</summary>
    internal bool IsAsking { get; private set; }

    /// <summary>Takes the deadline if it has passed: the resolver is asked.</summary>
    internal bool TryTake(Instant now)
    {
        if (Due > now)
        {
            return false;
        }

        Due = Instant.Never;
        IsAsking = true;
        _asked = now;
        return true;
    }

    /// <summary>Call when an initiation, or data, has gone unanswered for so long that another initiation is due.</summary>
    internal void HandshakeFailed(Instant now)
    {
        if (IsAsking || Due <= now)
        {
            return;
        }

        Instant earliest = _asked + _gap;
        Instant wanted = earliest > now ? earliest : now;
        if (wanted < Due)
        {
            Due = wanted;
            TimeSpan next = _gap * 2;
            _gap = next < LongestRetry ? next : LongestRetry;
        }
    }

    /// <summary>Call when a handshake has come to its end.</summary>
    internal void HandshakeComplete() => _gap = RekeyTimeout;

    /// <summary>Call when the resolver has given addresses.</summary>
    /// <param name="now">The time.</param>
    /// <param name="timeToLive">How long they are good.</param>
    internal void Resolved(Instant now, TimeSpan timeToLive)
    {
        IsAsking = false;
        _retry = default;
        Due = now + (timeToLive < ShortestLife ? ShortestLife : timeToLive > LongestLife ? LongestLife : timeToLive);
    }

    /// <summary>Call when the resolver has given none.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hasAddresses">Whether an earlier answer is there to go on with.</param>
    /// <returns>How long until it is asked again.</returns>
    internal TimeSpan Failed(Instant now, bool hasAddresses)
    {
        IsAsking = false;
        TimeSpan next = _retry == default ? (hasAddresses ? ShortestLife : FirstRetry) : _retry * 6 / 5;
        _retry = next < LongestRetry ? next : LongestRetry;
        Due = now + _retry;
        return _retry;
    }
}
