namespace Chasqui.Core.Tests.Noise;

/// <summary>Seeded randomness that remembers what it gave out.</summary>
internal sealed class RecordingEntropy(int seed) : IEntropy
{
    private readonly SeededEntropy _entropy = new(seed);

    internal List<byte[]> Given { get; } = [];

    public void Fill(Span<byte> destination)
    {
        _entropy.Fill(destination);
        Given.Add(destination.ToArray());
    }
}
