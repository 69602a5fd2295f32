using Chasqui.Core;

namespace Chasqui.Benchmarks;

/// <summary>The same numbers on every run, so that runs compare.</summary>
internal sealed class SeededEntropy(int seed) : IEntropy
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination)
    {
        lock (_random)
        {
            _random.NextBytes(destination);
        }
    }
}
