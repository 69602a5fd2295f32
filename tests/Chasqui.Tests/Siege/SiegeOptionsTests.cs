using Chasqui.Compare;
using Chasqui.Siege.Flood;
using Chasqui.Siege.Soak;

namespace Chasqui.Tests.Siege;

/// <summary>The command lines of soak and flood.</summary>
public sealed class SiegeOptionsTests
{
    [Fact]
    public void ASoakTakesTenMinutesAndIsForTheDocuments()
    {
        SoakOptions options = SoakOptions.Parse();

        Assert.Equal(600, options.Seconds);
        Assert.True(options.IsDocumented);
        Assert.False(SoakOptions.Parse("60").IsDocumented);
        Assert.False(SoakOptions.Parse("7200", "--out", "somewhere").IsDocumented);
    }

    [Theory]
    [InlineData("0", "SECONDS 0: not a whole number from 1 to 1000000")]
    [InlineData("--rate", "--rate needs a value: see ./build.sh soak --help")]
    [InlineData("--rote", "unknown option --rote: see ./build.sh soak --help")]
    public void ASoakNamesWhatIsWrong(string words, string message) =>
        Assert.Equal(message, Assert.Throws<LabException>(() => SoakOptions.Parse(words.Split(' '))).Message);

    [Fact]
    public void AWholeFloodIsForTheDocuments()
    {
        Assert.True(FloodOptions.Parse("--rate", "20000").IsWhole);
        Assert.False(FloodOptions.Parse("--quick").IsWhole);
        Assert.False(FloodOptions.Parse("--only", "ac").IsWhole);
        Assert.Equal("./build.sh flood --rate 30000 --at-once", FloodOptions.Parse("--at-once").Command);
        Assert.Equal("./build.sh flood --rate 30000 --turns 1 --quick --only ac", FloodOptions.Parse("--quick", "--only", "ac").Command);
    }

    [Theory]
    [InlineData("--only xy", "--only xy: not letters of floods (abcdef)")]
    [InlineData("--rate 5", "--rate 5: not a whole number from 1000 to 1000000")]
    [InlineData("--fast", "unknown option --fast: see ./build.sh flood --help")]
    public void AFloodNamesWhatIsWrong(string words, string message) =>
        Assert.Equal(message, Assert.Throws<LabException>(() => FloodOptions.Parse(words.Split(' '))).Message);

    [Fact]
    public void MetricsAreSummedOverTheirLabels()
    {
        Dictionary<string, double> sums = MetricLines.Sum("""
            # TYPE chasqui_peer_sent_bytes_total counter
            chasqui_peer_sent_bytes_total{interface="a",peer="x y",public_key="1"} 3
            chasqui_peer_sent_bytes_total{interface="a",peer="z",public_key="2"} 4
            chasqui_events_total{interface="a",kind="handshake_completed"} 5
            chasqui_lanes 1
            other 9
            """);

        Assert.Equal(7, sums["chasqui_peer_sent_bytes_total"]);
        Assert.Equal(5, sums["chasqui_events_total handshake_completed"]);
        Assert.Equal(1, sums["chasqui_lanes"]);
        Assert.DoesNotContain("other", sums.Keys);
    }
}
