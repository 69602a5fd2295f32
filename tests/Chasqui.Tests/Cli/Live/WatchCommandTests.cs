using Chasqui.Cli;
using Chasqui.Cli.Commands.Live;
using Chasqui.Linux;

namespace Chasqui.Tests.Cli.Live;

/// <summary>Lines where there is no terminal, and the words of both.</summary>
public sealed class WatchCommandTests
{
    private readonly TestTerminal _terminal = new();
    private int _reads;

    [Fact]
    public void WithoutATerminalEachPeerIsALineEachTime()
    {
        Assert.Equal(0, Run("--interval", "0.1", "--count", "3"));

        string[] lines = _terminal.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(9, lines.Length);
        Assert.Matches(@"^2023-11-14T22:15:0\dZ wg0 AQEB…BAQE up 1\ds 192\.0\.2\.7:51820 received 8\.00 kb/s sent 0 b/s rtt 24 ms loss 0\.5 %$", lines[3]);
        Assert.Contains("no answer 3", lines[4]);
        Assert.DoesNotContain("\e", _terminal.Output);
    }

    [Fact]
    public void EventsAreToldOnceAndOnlyNewOnes()
    {
        Assert.Equal(0, Run("-n", "0.1", "-c", "4"));
        Assert.DoesNotContain("a session is ready", _terminal.Output);

        var lines = new StringWriter();
        WatchSubject subject = WatchScene.Subject();
        new WatchLines([subject], _ => WatchScene.Status(), lines).Write(TimeSpan.Zero, 3);
        Assert.Single(lines.ToString().Split('\n'), line => line.Contains("a session is ready", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutAnInterfaceTheRemedyIsNamed()
    {
        int code = new WatchCommand(() => [], _ => throw new InvalidOperationException()).Execute(new Invocation("chasqui", [], _terminal.Terminal));

        Assert.Equal(1, code);
        Assert.Contains("chasqui up", _terminal.Error);
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--interval", "-1")]
    [InlineData("--interval", "4000")]
    [InlineData("--interval", "x")]
    [InlineData("--count", "0")]
    [InlineData("--count", "1.5")]
    public void WrongNumbersAreNamed(string option, string value)
    {
        Assert.Equal(1, Run(option, value));
        Assert.Contains(option, _terminal.Error);
        Assert.Contains(value, _terminal.Error);
    }

    [Fact]
    public void AnInterfaceThatIsNotThereIsNamed()
    {
        int code = new WatchCommand(() => [], name => throw new LinuxException("find", name, Errno.ENODEV))
            .Execute(new Invocation("chasqui", ["nope"], _terminal.Terminal));

        Assert.Equal(1, code);
        Assert.Contains("nope", _terminal.Error);
    }

    [Theory]
    [InlineData(0, "0 b/s")]
    [InlineData(124.9, "999 b/s")]
    [InlineData(125, "1.00 kb/s")]
    [InlineData(1_249_000, "9.99 Mb/s")]
    [InlineData(1_250_000, "10.0 Mb/s")]
    [InlineData(12_500_000, "100 Mb/s")]
    [InlineData(124_937_500, "1.00 Gb/s")]
    [InlineData(1.25e15, "10000 Tb/s")]
    public void RatesHaveThreeDigits(double bytes, string expected) => Assert.Equal(expected, WatchWords.Rate(bytes));

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(65, "1m05s")]
    [InlineData(7620, "2h07m")]
    [InlineData(385_200, "4d11h")]
    public void AgesHaveTwoUnits(double seconds, string expected) => Assert.Equal(expected, WatchWords.Age(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void TheHighestBarIsFull()
    {
        Assert.Equal("  ▁▂▅█", WatchWords.Spark([0, 1, 4, 8], 6, isUnicode: true)[..6]);
        Assert.Equal("_#", WatchWords.Spark([9, 0, 3], 2, isUnicode: false));
        Assert.Equal("▁▁", WatchWords.Spark([0, 0], 2, isUnicode: true));
    }

    private int Run(params string[] arguments) =>
        new WatchCommand(() => ["wg0"], _ => WatchScene.Status(_reads, (ulong)(1000 * _reads++))).Execute(new Invocation("chasqui", arguments, _terminal.Terminal));
}
