using Chasqui.Core;

namespace Chasqui.Fuzz.Targets;

/// <summary>Repeatable randomness.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
