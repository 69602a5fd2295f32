using Chasqui.Fuzz;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Tests;

/// <summary>Each fuzz target for a moment: on its whole corpus, and then on mutations, always the same. The long runs are fuzz/'s.</summary>
public sealed class FuzzSmokeTests
{
    private const int Seed = 1;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.8);

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void FindsNothing(string name)
    {
        IFuzzTarget target = FuzzTargets.Find(name)!;
        IReadOnlyList<byte[]> corpus = Storage.ReadCorpus(name);

        FuzzReport report = new FuzzLoop(target, corpus, Seed).Run(Moment);

        Assert.True(
            report.Finding is null,
            $"seed {Seed}, input {report.Executions}: {Convert.ToHexString(report.Finding?.Input ?? [])}: {report.Finding?.Exception}");
        Assert.True(report.Executions > corpus.Count + target.Seeds.Count, "no mutation was tried");
    }

    [Fact]
    public void NoTargetIsListedTwice() => Assert.Distinct(FuzzTargets.All.Select(target => target.Name));

    [Fact]
    public void FindsWhatIsBroken()
    {
        var loop = new FuzzLoop(new BrokenTarget(), [], Seed);

        FuzzFinding? finding = loop.Run(TimeSpan.FromSeconds(5)).Finding;

        Assert.IsType<BrokenInvariantException>(finding?.Exception);
        Assert.Equal("!"u8, finding.Minimized(new BrokenTarget()).Input);
    }

    /// <summary>Breaks on any input with an exclamation mark.</summary>
    private sealed class BrokenTarget : IFuzzTarget
    {
        public string Name => "broken";

        public string Summary => "nothing";

        public int MaxLength => 64;

        public IReadOnlyList<byte[]> Seeds { get; } = [[.. "nothing"u8]];

        public IReadOnlyList<byte[]> Tokens => [];

        public void Run(ReadOnlySpan<byte> input) => Check.That(!input.Contains((byte)'!'));
    }
}
