using System.Runtime.CompilerServices;

namespace Chasqui.Core.Noise;

/// <summary>The 12 bytes of a TAI64N timestamp, which compare as they lie: most significant first.</summary>
[InlineArray(ProtocolConstants.TimestampLength)]
internal struct Timestamp
{
    private byte _first;

    /// <summary>Whether this timestamp is later than <paramref name="other"/>.</summary>
    internal readonly bool IsAfter(in Timestamp other)
    {
        ReadOnlySpan<byte> mine = this, theirs = other;
        return mine.SequenceCompareTo(theirs) > 0;
    }
}
