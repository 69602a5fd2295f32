namespace Chasqui.Fuzz.Engine;

/// <summary>Bytes between two fences, whose colour can be chosen.</summary>
/// <remarks>
/// A write over the end changes a fence. A read over the end shows when the same work with fences of another colour gives another result.
/// </remarks>
internal sealed class GuardedBytes(int capacity)
{
    private const int Fence = 96;

    private readonly byte[] _bytes = new byte[capacity + (2 * Fence)];
    private byte _colour;
    private int _length;

    /// <summary>The place between the fences, filled with the fences' colour.</summary>
    internal Span<byte> Begin(int length, byte colour)
    {
        _colour = colour;
        _length = length;
        _bytes.AsSpan(0, length + (2 * Fence)).Fill(colour);
        return _bytes.AsSpan(Fence, length);
    }

    /// <summary>The place between the fences, with a copy of <paramref name="content"/>.</summary>
    internal Span<byte> Begin(ReadOnlySpan<byte> content, byte colour)
    {
        Span<byte> place = Begin(content.Length, colour);
        content.CopyTo(place);
        return place;
    }

    /// <summary>Checks that both fences stand, and that nothing behind the first <paramref name="written"/> bytes has changed.</summary>
    internal void CheckFences(int written)
    {
        Check.That(!_bytes.AsSpan(0, Fence).ContainsAnyExcept(_colour), "nothing is written in front of the destination");
        Check.That(
            !_bytes.AsSpan(Fence + written, _length - written + Fence).ContainsAnyExcept(_colour), "nothing is written behind the result");
    }
}
