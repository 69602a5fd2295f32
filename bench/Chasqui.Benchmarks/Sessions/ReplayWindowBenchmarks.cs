using BenchmarkDotNet.Attributes;
using Chasqui.Core.Sessions;

namespace Chasqui.Benchmarks.Sessions;

/// <summary>The replay window, a counter.</summary>
public class ReplayWindowBenchmarks
{
    private const int Counters = 4096;

    private readonly ReplayWindow _window = new();
    private readonly int[] _order = [.. Enumerable.Range(0, Counters)];
    private ulong _first;

    [GlobalSetup(Target = nameof(Reordered))]
    public void Shuffle()
    {
        // Within 64 of where they belong: as over paths of different lengths.
        var random = new Random(1);
        for (int i = 0; i < Counters; i += 64)
        {
            random.Shuffle(_order.AsSpan(i, 64));
        }
    }

    [Benchmark(OperationsPerInvoke = Counters)]
    public int InOrder() => AcceptAll();

    [Benchmark(OperationsPerInvoke = Counters)]
    public int Reordered() => AcceptAll();

    [Benchmark(OperationsPerInvoke = Counters)]
    public int Replayed()
    {
        int accepted = 0;
        _window.TryAccept(Counters);
        foreach (int offset in _order)
        {
            accepted += _window.TryAccept((ulong)offset) ? 1 : 0;
        }

        return accepted;
    }

    private int AcceptAll()
    {
        int accepted = 0;
        foreach (int offset in _order)
        {
            accepted += _window.TryAccept(_first + (ulong)offset) ? 1 : 0;
        }

        _first += Counters;
        return accepted == Counters ? accepted : throw new InvalidOperationException("A new counter was refused.");
    }
}
