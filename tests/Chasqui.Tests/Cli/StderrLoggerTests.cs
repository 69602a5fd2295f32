using Chasqui.Cli;
using Microsoft.Extensions.Logging;

namespace Chasqui.Tests.Cli;

public sealed class StderrLoggerTests
{
    [Theory]
    [InlineData("verbose", "DEBUG: quiet\nERROR: loud\n")]
    [InlineData("debug", "DEBUG: quiet\nERROR: loud\n")]
    [InlineData("error", "ERROR: loud\n")]
    [InlineData(null, "ERROR: loud\n")]
    [InlineData("nonsense", "ERROR: loud\n")]
    [InlineData("silent", "")]
    [InlineData("off", "")]
    public void WritesWhatTheLevelAsksFor(string? level, string expected)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var logger = new StderrLogger(writer, level);

        logger.Log(LogLevel.Debug, 0, "quiet", null, (state, _) => state);
        logger.Log(LogLevel.Error, 0, "loud", null, (state, _) => state);

        Assert.Equal(expected, writer.ToString());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("silent", false)]
    [InlineData("error", true)]
    [InlineData("debug", true)]
    public void ADaemonKeepsItsStandardErrorIfAskedTo(string? level, bool isWanted) =>
        Assert.Equal(isWanted, StderrLogger.IsWanted(level));

    [Fact]
    public void AnExceptionIsPartOfTheLine()
    {
        var writer = new StringWriter();

        new StderrLogger(writer, null).Log(LogLevel.Error, 0, "failed", new InvalidOperationException("why"), (state, _) => state);

        Assert.StartsWith("ERROR: failed: ", writer.ToString());
        Assert.Contains("why", writer.ToString());
    }

    [Fact]
    public void ATerminalThatWasClosedEndsNobody()
    {
        var logger = new StderrLogger(new ClosedTerminal(), "debug");

        logger.Log(LogLevel.Error, 0, "lost", null, (state, _) => state);
        logger.WriteFailure(new InvalidOperationException("lost"));

        Assert.True(logger.IsEnabled(LogLevel.Debug));
    }

    private sealed class ClosedTerminal : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Input/output error");
    }
}
