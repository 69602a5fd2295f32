using System.Net;
using Chasqui.Compare;
using Chasqui.Compare.Inside;
using Chasqui.Compare.Measures;

namespace Chasqui.Tests.Compare;

public sealed class HandshakeTallyTests
{
    [Fact]
    public void TheTallyIsReadAsItWasWritten()
    {
        var tally = new HandshakeTally(16000, 3, 0, 4, 2.5, 0.75);

        Assert.Equal(tally, HandshakeTally.Parse(tally.Text));
        Assert.Equal(4000, tally.PerSecond);
        Assert.Equal(6400, tally.PerCpuSecond);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2 3")]
    [InlineData("1000 0 0 1 1 x")]
    [InlineData("1000 11 0 1 1 0.1")] // more than one in a hundred was lost
    [InlineData("1000 0 1 1 1 0.1")] // the daemon took itself for overloaded
    [InlineData("1000 0 0 1 1 0.9")] // the generator was the bottleneck
    [InlineData("1000 0 0 0 1 0")]
    [InlineData("1000 0 0 1 0 0.1")]
    public void ATallyThatIsNotTheDaemonsIsRefused(string line) => Assert.Throws<LabException>(() => HandshakeTally.Parse(line));

    [Fact]
    public void TheWorkIsReadAsItWasWritten()
    {
        var work = new HandshakeWork("/lab/in", "/lab/out", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 51821), 4711, 2000, 64);

        Assert.Equal(work, HandshakeWork.Parse([.. work.Words]));
    }

    [Theory]
    [InlineData("Cpus_allowed_list:\t0-1", 0, 1)]
    [InlineData("Cpus_allowed_list:\t3", 3, 3)]
    [InlineData("Cpus_allowed_list:\t2,4-7,16-31", 2, 31)]
    public void TheDaemonGetsTheFirstProcessorAndTheGeneratorTheLast(string list, int first, int last) =>
        Assert.Equal(new Processors(first, last), Processors.Parse(list));
}
