using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>The three ways in which a stream arrives: at once, byte by byte, and cut as an input says.</summary>
internal static class Chunks
{
    internal const int Ways = 3;

    /// <summary>Length of the next piece.</summary>
    /// <param name="way">0 to <see cref="Ways"/> - 1.</param>
    /// <param name="cuts">Where the third way takes its lengths from; over and over.</param>
    /// <param name="index">The number of the piece.</param>
    /// <param name="left">Bytes that are left: 1 or more.</param>
    internal static int Length(int way, ReadOnlySpan<byte> cuts, int index, int left)
    {
        Check.That(left > 0);
        return way switch
        {
            0 => left,
            1 => 1,
            _ => Math.Min(left, 1 + (cuts.IsEmpty ? 7 : cuts[index % cuts.Length])),
        };
    }
}
