namespace Chasqui.Core.Tests.Routing;

/// <summary>A seeded generator.</summary>
internal sealed class TableEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
