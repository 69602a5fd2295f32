using System.Diagnostics;

namespace Chasqui.Fuzz.Engine;

/// <summary>Runs a target on a corpus and then on mutations of it, until the time is over or something is found.</summary>
/// <remarks>
/// Repeatable: the same target, corpus, seed and instrumentation try the same inputs in the same order. An input that reaches a new branch
/// joins the corpus.
/// </remarks>
internal sealed class FuzzLoop
{
    private readonly IFuzzTarget _target;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly Coverage _coverage = new();
    private readonly List<byte[]> _corpus;
    private readonly int _given;
    private FuzzAttempt? _current;

    internal FuzzLoop(IFuzzTarget target, IEnumerable<byte[]> corpus, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _mutator = new Mutator(_random, target.MaxLength, target.Tokens);
        _corpus = [[], .. target.Seeds, .. corpus];
        _given = _corpus.Count;
    }

    /// <summary>The input in hand, for a watchdog on another thread.</summary>
    internal FuzzAttempt? Current => Volatile.Read(ref _current);

    /// <summary>Runs.</summary>
    internal FuzzReport Run(TimeSpan duration)
    {
        long begin = Stopwatch.GetTimestamp(), executions = 0;
        FuzzFinding? finding = null;
        for (; finding is null && executions < _given; executions++)
        {
            (finding, _) = Execute(_corpus[(int)executions]);
        }

        while (finding is null && Stopwatch.GetElapsedTime(begin) < duration)
        {
            byte[] input = _mutator.Mutate(Pick(), Pick()).ToArray();
            (finding, bool isNew) = Execute(input);
            executions++;
            if (isNew)
            {
                _corpus.Add(input);
            }
        }

        return new FuzzReport(executions, Stopwatch.GetElapsedTime(begin), _coverage.Edges, _corpus[_given..], finding);
    }

    /// <summary>The fewest and shortest of the inputs found that, after those given, reach everything that was reached.</summary>
    internal IReadOnlyList<byte[]> Distilled(IEnumerable<byte[]> found)
    {
        var coverage = new Coverage();
        foreach (byte[] input in _corpus.Take(_given))
        {
            _ = Reaches(coverage, input);
        }

        return [.. found.OrderBy(input => input.Length).Where(input => Reaches(coverage, input))];
    }

    private bool Reaches(Coverage coverage, byte[] input)
    {
        Coverage.Reset();
        return FuzzFinding.Of(_target, input) is null && coverage.Add();
    }

    private (FuzzFinding? Finding, bool IsNew) Execute(byte[] input)
    {
        Volatile.Write(ref _current, new FuzzAttempt(Stopwatch.GetTimestamp(), input));
        Coverage.Reset();
        FuzzFinding? finding = FuzzFinding.Of(_target, input);
        return (finding, finding is null && _coverage.Add());
    }

    /// <summary>Any input; every second time one of the newest quarter, where unexplored ground lies.</summary>
    private byte[] Pick()
    {
        int from = _random.Next(2) == 0 ? _corpus.Count * 3 / 4 : 0;
        return _corpus[_random.Next(from, _corpus.Count)];
    }
}
