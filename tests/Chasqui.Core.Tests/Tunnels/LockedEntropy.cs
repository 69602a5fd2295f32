namespace Chasqui.Core.Tests.Tunnels;

/// <summary>Seeded randomness for several threads: repeatable in kind, not in order.</summary>
internal sealed class LockedEntropy(int seed) : IEntropy
{
    private readonly SeededEntropy _entropy = new(seed);
    private readonly Lock _gate = new();

    public void Fill(Span<byte> destination)
    {
        lock (_gate)
        {
            _entropy.Fill(destination);
        }
    }
}
