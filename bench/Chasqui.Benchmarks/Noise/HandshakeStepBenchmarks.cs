using BenchmarkDotNet.Attributes;

namespace Chasqui.Benchmarks.Noise;

/// <summary>The four steps of a handshake, without the two MACs of each message. A step can be taken once, so many pairs are made ready.</summary>
[InvocationCount(Pairs, unrollFactor: 1)]
public class HandshakeStepBenchmarks
{
    private const int Pairs = 128;

    private readonly HandshakePair[] _pairs = [.. Enumerable.Range(0, Pairs).Select(_ => new HandshakePair())];
    private int _next;

    [IterationSetup(Targets = [nameof(Step1CreateInitiation), nameof(AllFourAndKeys)])]
    public void BeforeStep1() => Prepare(0);

    [IterationSetup(Target = nameof(Step2ConsumeInitiation))]
    public void BeforeStep2() => Prepare(1);

    [IterationSetup(Target = nameof(Step3CreateResponse))]
    public void BeforeStep3() => Prepare(2);

    [IterationSetup(Target = nameof(Step4ConsumeResponse))]
    public void BeforeStep4() => Prepare(3);

    [Benchmark]
    public void Step1CreateInitiation() => Next().Take(1, 1);

    [Benchmark]
    public void Step2ConsumeInitiation() => Next().Take(2, 2);

    [Benchmark]
    public void Step3CreateResponse() => Next().Take(3, 3);

    [Benchmark]
    public void Step4ConsumeResponse() => Next().Take(4, 4);

    [Benchmark]
    public void AllFourAndKeys()
    {
        HandshakePair pair = Next();
        pair.Take(1, 4);
        pair.DeriveKeys();
    }

    private void Prepare(int steps)
    {
        _next = 0;
        foreach (HandshakePair pair in _pairs)
        {
            pair.Take(1, steps);
        }
    }

    // The one call beyond the pairs is BenchmarkDotNet's own first; it is not counted.
    private HandshakePair Next() => _pairs[_next++ % Pairs];
}
