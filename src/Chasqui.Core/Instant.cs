namespace Chasqui.Core;

/// <summary>A point on the monotonic clock that goes on while the machine sleeps (CLOCK_BOOTTIME).</summary>
/// <remarks>Units: nanoseconds since an arbitrary origin. The core never reads a clock; every verb is given the time.</remarks>
/// <param name="Nanoseconds">Nanoseconds since the clock's origin.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>The last instant there is: later than every deadline.</summary>
    public static Instant Never { get; } = new(long.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The instant <paramref name="span"/> later.</summary>
    public static Instant operator +(Instant instant, TimeSpan span) =>
        new(instant.Nanoseconds + (span.Ticks * TimeSpan.NanosecondsPerTick));

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>, rounded down to 100 ns.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) =>
        new((later.Nanoseconds - earlier.Nanoseconds) / TimeSpan.NanosecondsPerTick);

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;
}
