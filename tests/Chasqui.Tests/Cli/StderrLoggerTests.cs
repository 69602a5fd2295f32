using System.Text.Json;
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
    [InlineData("verbose", 4)]
    [InlineData("info", 3)]
    [InlineData("warning", 2)]
    [InlineData("warn", 2)]
    [InlineData("error", 1)]
    public void ALevelHasItselfAndWhatIsWorse(string level, int lines)
    {
        var writer = new StringWriter { NewLine = "\n" };

        WriteAll(new StderrLogger(writer, level));

        string[] all = ["DEBUG: a", "INFO: b", "WARNING: c", "ERROR: d"];
        Assert.Equal([.. all[^lines..], ""], writer.ToString().Split('\n'));
    }

    [Fact]
    public void JournaldGetsPriorities()
    {
        var writer = new StringWriter { NewLine = "\n" };

        WriteAll(new StderrLogger(writer, "debug", LogFormat.Journal));

        Assert.Equal("<7>a\n<6>b\n<4>c\n<3>d\n", writer.ToString());
    }

    [Fact]
    public void ProgramsGetAnObjectALine()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var logger = new StderrLogger(writer, "debug", LogFormat.Json);
        List<KeyValuePair<string, object?>> state = [new("Name", "wg\"0\n"), new("value", 7L), new("none", null), new("{OriginalFormat}", "x")];

        logger.Log(LogLevel.Warning, 0, state, null, (_, _) => "two\nlines");
        logger.WriteFailure(new InvalidOperationException("why"));

        JsonElement[] lines = [.. writer.ToString().Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(2, lines.Length);
        Assert.Equal(["time", "level", "message", "name", "value", "none"], lines[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("warning", "two\nlines", "wg\"0\n"), (Text(lines[0], "level"), Text(lines[0], "message"), Text(lines[0], "name")));
        Assert.Equal(7, lines[0].GetProperty("value").GetInt32());
        Assert.True(DateTimeOffset.TryParse(Text(lines[0], "time"), out _));
        Assert.Contains("why", Text(lines[1], "exception"));
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

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static void WriteAll(StderrLogger logger)
    {
        logger.Log(LogLevel.Debug, 0, "a", null, (state, _) => state);
        logger.Log(LogLevel.Information, 0, "b", null, (state, _) => state);
        logger.Log(LogLevel.Warning, 0, "c", null, (state, _) => state);
        logger.Log(LogLevel.Error, 0, "d", null, (state, _) => state);
    }

    private sealed class ClosedTerminal : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Input/output error");
    }
}
