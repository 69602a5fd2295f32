namespace Chasqui.Timing;

/// <summary>One secret a slot, all in one array, of either class: fixed or random.</summary>
internal sealed class Secrets(int length, int seed)
{
    private readonly Random _random = new(seed);
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Dudect.Slots * length, pinned: true);
    private readonly byte[] _fixed = new byte[length];
    private readonly byte[] _drawn = new byte[length];

    /// <summary>The secret of the class that is always the same: zeros, unless it was written to.</summary>
    internal Span<byte> Fixed => _fixed;

    internal Span<byte> this[int slot] => _bytes.AsSpan(slot * length, length);

    /// <summary>Writes a slot; the work is the same for both classes.</summary>
    internal void Fill(int slot, bool isRandom)
    {
        _random.NextBytes(_drawn);
        (isRandom ? _drawn : _fixed).CopyTo(this[slot]);
    }
}
