using System.Buffers.Binary;

namespace Chasqui.Core.Wire;

/// <summary>TAI64N timestamps: the order of initiations from one peer.</summary>
/// <remarks>
/// Shape: seconds since 1970 plus 2^62 + 10 (8 bytes, big-endian), nanoseconds (4 bytes, big-endian).
/// Source: whitepaper §5.4.2; cr.yp.to/libtai/tai64.html.
/// </remarks>
internal static class Tai64n
{
    /// <summary>Nanoseconds are rounded down to a multiple of this: about 16.8 ms.</summary>
    /// <remarks>
    /// A precise clock in a message leaks load and timing. The step is the greatest power of two below the 20 ms that
    /// lie between two initiations which a peer accepts. Source: the kernel's tai64n_now.
    /// </remarks>
    internal const uint StepNanoseconds = 1 << 24;

    private const ulong Epoch = 0x4000_0000_0000_000a;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Writes a wall time as 12 bytes, coarsened.</summary>
    internal static void Write(long unixNanoseconds, Span<byte> destination)
    {
        (long seconds, long nanoseconds) = Math.DivRem(unixNanoseconds, NanosecondsPerSecond);
        if (nanoseconds < 0)
        {
            seconds--;
            nanoseconds += NanosecondsPerSecond;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, unchecked(Epoch + (ulong)seconds));
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], (uint)nanoseconds & ~(StepNanoseconds - 1));
    }

    /// <summary>The wall time of a timestamp that a peer wrote: any 12 bytes. All zeros are no timestamp.</summary>
    /// <returns>Nanoseconds since 1970, kept within what they can tell (the years 1677 to 2262); 0 for all zeros.</returns>
    internal static long ReadUnixNanoseconds(ReadOnlySpan<byte> timestamp)
    {
        ulong label = BinaryPrimitives.ReadUInt64BigEndian(timestamp);
        if (label == 0)
        {
            return 0;
        }

        // Labels from 2^63 on are reserved: the far future, as the order of bytes has it.
        Int128 seconds = (Int128)label - Epoch;
        Int128 total = (seconds * NanosecondsPerSecond) + BinaryPrimitives.ReadUInt32BigEndian(timestamp[8..]);
        return (long)Int128.Clamp(total, long.MinValue, long.MaxValue);
    }

    /// <summary>Whether <paramref name="left"/> is strictly later than <paramref name="right"/>: big-endian order.</summary>
    internal static bool IsAfter(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left[..ProtocolConstants.TimestampLength].SequenceCompareTo(right[..ProtocolConstants.TimestampLength]) > 0;
}
