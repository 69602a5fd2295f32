using BenchmarkDotNet.Attributes;
using Chasqui.Linux.Tun;

namespace Chasqui.Benchmarks.Tun;

/// <summary>The Internet checksum, beside the copy that it is hidden in.</summary>
/// <remarks>64 stretches that lie as packets do in a receive buffer, so that they come from the cache that packets come from.</remarks>
public class ChecksumBenchmarks
{
    private const int Stretches = 64;
    private const int Header = 16;

    private byte[] _source = [];
    private byte[] _target = [];
    private int _stride;

    [Params(40, 1420, 65535)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _stride = Length > 65536 / 2 ? 0 : (Header + Length + 15) & ~15;
        _source = GC.AllocateArray<byte>(Header + Length + (Stretches * _stride), pinned: true);
        _target = GC.AllocateArray<byte>(_source.Length, pinned: true);
        new Random(1).NextBytes(_source);
    }

    [Benchmark(OperationsPerInvoke = Stretches)]
    public void CopyOnly()
    {
        for (int i = 0; i < Stretches; i++)
        {
            From(i).CopyTo(To(i));
        }
    }

    [Benchmark(OperationsPerInvoke = Stretches)]
    public ulong Sum()
    {
        ulong sum = 0;
        for (int i = 0; i < Stretches; i++)
        {
            sum ^= InternetChecksum.Sum(From(i));
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Stretches)]
    public ulong CopyThenSum()
    {
        ulong sum = 0;
        for (int i = 0; i < Stretches; i++)
        {
            From(i).CopyTo(To(i));
            sum ^= InternetChecksum.Sum(To(i));
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Stretches)]
    public ulong CopyAndSum()
    {
        ulong sum = 0;
        for (int i = 0; i < Stretches; i++)
        {
            sum ^= InternetChecksum.CopyAndSum(From(i), To(i));
        }

        return sum;
    }

    private ReadOnlySpan<byte> From(int i) => _source.AsSpan(Header + (i * _stride), Length);

    private Span<byte> To(int i) => _target.AsSpan(Header + (i * _stride), Length);
}
