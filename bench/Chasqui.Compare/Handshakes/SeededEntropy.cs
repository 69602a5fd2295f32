using Chasqui.Core;

namespace Chasqui.Compare.Handshakes;

/// <summary>The same numbers for the same seed: keys that protect nothing, and can be made a second time.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
