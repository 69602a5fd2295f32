using Chasqui.Compare;
using Chasqui.Siege.Renewal;

namespace Chasqui.Tests.Siege;

/// <summary>What a flood with everything at once looks at, and what it makes of the tools' outputs.</summary>
public sealed class RenewalTests
{
    [Fact]
    public void TheFloodGoesToTheDaemonWhileASessionIsRenewed()
    {
        Assert.All([119.9, 120, 125, 130], static age => Assert.True(RenewalPlan.IsAimedAtDaemon(age)));
        Assert.False(RenewalPlan.IsAimedAtDaemon(0));
        Assert.False(RenewalPlan.IsAimedAtDaemon(139));
    }

    [Fact]
    public void TheAimChangesByTurnsUntilTheEnd()
    {
        var aims = new List<bool>();
        for (double age = RenewalPlan.NextSwitch(0); age < RenewalPlan.End; age = RenewalPlan.NextSwitch(age)) aims.Add(RenewalPlan.IsAimedAtDaemon(age));

        Assert.True(aims[0]);
        Assert.False(aims[^1]);
        Assert.All(aims.Zip(aims.Skip(1)), static pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(5, 6, false)]
    [InlineData(11, 12, true)]
    [InlineData(9.5, 10.5, null)] // has parts of both
    [InlineData(10, 11, null)] // what was on its way to the other
    [InlineData(24.2, 25.2, false)]
    public void ASecondIsOfOneTurnOrOfNone(double from, double to, bool? isFlooded) => Assert.Equal(isFlooded, RenewalPlan.Of(from, to));

    [Fact]
    public void ReadsTheSecondsOfAStream() => Assert.Equal(
        [new StreamSecond(0, 1, 8), new StreamSecond(1, 2.5, 0)],
        StreamSecond.ReadAll("""{"intervals":[{"sum":{"start":0,"end":1,"bits_per_second":8e6}},{"sum":{"start":1,"end":2.5,"bits_per_second":0}}]}"""));

    [Theory]
    [InlineData("""{"intervals":[],"error":"the server is gone"}""", "iperf3: the server is gone")]
    [InlineData("""{"intervals":[{}]}""", "iperf3 gave no result: The given key was not present in the dictionary.")]
    public void AStreamThatFailedIsNone(string json, string message) =>
        Assert.Equal(message, Assert.Throws<LabException>(() => StreamSecond.ReadAll(json)).Message);

    [Fact]
    public void ReadsAnswersWithTheirTimes() => Assert.Equal(
        [new TimedPing(1700000000.25, 0.5), new TimedPing(1700000000.35, 12)],
        TimedPing.ReadAll("""
            PING 10.7.0.1 (10.7.0.1) 56(84) bytes of data.
            [1700000000.25] 64 bytes from 10.7.0.1: icmp_seq=1 ttl=64 time=0.5 ms
            [1700000000.26] 64 bytes from 10.7.0.1: icmp_seq=1 ttl=64 time=0.6 ms (DUP!)
            [1700000000.35] 64 bytes from 10.7.0.1: icmp_seq=3 ttl=64 time=12 ms
            """));
}
