namespace Chasqui.Core.Tests;

/// <summary>Repeatable randomness for tests.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
