using BenchmarkDotNet.Attributes;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Benchmarks.Routing;

/// <summary>Look-ups of random addresses, all of which have an owner: as they overlap, and each waiting for the one before.</summary>
public class AllowedIpBenchmarks
{
    private const int Lookups = 1 << 19;

    private IpAddress[] _addresses = [];
    private AllowedIps<Owner> _table = null!;

    [ParamsAllValues]
    public TableKind Kind { get; set; }

    [Params(1, 10_000, 1_000_000)]
    public int Prefixes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var table = new Table(Kind, Prefixes);
        _table = table.Fill();
        _addresses = table.Addresses(Lookups);
        if (Independent() != Lookups) throw new InvalidOperationException("An address has no owner.");
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Independent()
    {
        int found = 0;
        for (int i = 0; i < Lookups; i++)
        {
            found += _table.Lookup(_addresses[i]) is null ? 0 : 1;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int DependentChain()
    {
        // "found" always equals the number of look-ups done, but the processor cannot know it before the answer is there.
        int found = 0;
        for (int i = 0; i < Lookups; i++)
        {
            found += _table.Lookup(_addresses[found]) is null ? 0 : 1;
        }

        return found;
    }
}
