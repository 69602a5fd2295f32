using BenchmarkDotNet.Attributes;

namespace Chasqui.Benchmarks.Routing;

/// <summary>Filling a table, a prefix; the bytes are all that were allocated on the way.</summary>
public class AllowedIpFillBenchmarks
{
    private const int Prefixes = 130_000;

    private Table _table = null!;

    [ParamsAllValues]
    public TableKind Kind { get; set; }

    [GlobalSetup]
    public void Setup() => _table = new Table(Kind, Prefixes);

    [Benchmark(OperationsPerInvoke = Prefixes)]
    public int Fill() => _table.Fill().Count;
}
