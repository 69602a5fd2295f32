using Chasqui.Compare;

namespace Chasqui.Tests.Compare;

public sealed class BenchOptionsTests
{
    [Fact]
    public void AWholeRunIsTheDefault()
    {
        var options = Options.Parse();

        Assert.True(options.IsWhole);
        Assert.Equal("./build.sh bench --rounds 3 --duration 4", options.Command);
    }

    [Fact]
    public void EveryOptionIsTaken()
    {
        var options = Options.Parse("--rounds", "5", "--duration", "2", "--only", "chasqui,veth", "--measures", "tcp1, memory");

        Assert.Equal((5, 2, false), (options.Rounds, options.Duration, options.IsWhole));
        Assert.Equal(["chasqui", "veth"], options.Only);
        Assert.Equal(["tcp1", "memory"], options.Measures);
    }

    [Fact]
    public void WhatIsGivenStandsWhereverQuickIs()
    {
        Assert.Equal(7, Options.Parse("--duration", "7", "--quick").Duration);
        Assert.Equal(7, Options.Parse("--quick", "--duration", "7").Duration);
        Assert.False(Options.Parse("--quick").IsWhole);
    }

    [Fact]
    public void DiagnosticsAreMeasuredInMoreRounds()
    {
        var options = Options.Parse("--diagnostics");

        Assert.Equal((7, false, "./build.sh bench --diagnostics --rounds 7 --duration 4"), (options.Rounds, options.IsWhole, options.Command));
        Assert.Equal(2, Options.Parse("--rounds", "2", "--diagnostics").Rounds);
    }

    [Theory]
    [InlineData("--quick", "--diagnostics")]
    [InlineData("--fast")]
    [InlineData("--rounds")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "two")]
    [InlineData("--duration", "-4")]
    [InlineData("--only", ",")]
    public void AWrongOptionIsNamed(params string[] words) =>
        Assert.Contains(words[0], Assert.Throws<LabException>(() => Options.Parse(words)).Message, StringComparison.Ordinal);
}
