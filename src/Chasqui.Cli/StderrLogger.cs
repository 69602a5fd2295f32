using Chasqui.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Chasqui.Cli;

/// <summary>Writes events to standard error, one line each, at the level that LOG_LEVEL (or WG_LOG_LEVEL) asks for.</summary>
/// <remarks>A terminal that has gone away takes no lines; that is no reason for a daemon to end.</remarks>
internal sealed class StderrLogger : ILogger
{
    private const string LevelVariable = "LOG_LEVEL";
    private const string OtherLevelVariable = "WG_LOG_LEVEL";
    private const string FormatVariable = "LOG_FORMAT";
    private const string JournalVariable = "JOURNAL_STREAM";

    private readonly TextWriter _writer;
    private readonly LogLevel _level;
    private readonly LogFormat _format;

    /// <summary>A logger.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="level">What LOG_LEVEL says; null or unknown words mean errors only.</param>
    /// <param name="format">How lines are written.</param>
    internal StderrLogger(TextWriter writer, string? level, LogFormat format = LogFormat.Text)
    {
        _writer = writer;
        _level = Parse(level);
        _format = format;
    }

    /// <summary>What the environment says: LOG_LEVEL, else WG_LOG_LEVEL; null if neither has anything in it.</summary>
    internal static string? LevelOfEnvironment => NonEmpty(LevelVariable) ?? NonEmpty(OtherLevelVariable);

    /// <summary>What LOG_FORMAT says: <c>json</c>, <c>journal</c> or <c>text</c>; else journald's if standard error leads there.</summary>
    internal static LogFormat FormatOfEnvironment => NonEmpty(FormatVariable) switch
    {
        "json" => LogFormat.Json,
        "journal" => LogFormat.Journal,
        "text" => LogFormat.Text,
        _ => StandardStream.IsJournal(StandardStream.Error, NonEmpty(JournalVariable)) ? LogFormat.Journal : LogFormat.Text,
    };

    /// <summary>Whether the environment asks for messages of a daemon in the background: then it keeps its standard error.</summary>
    internal static bool IsWanted(string? level) => level is not null && Parse(level) != LogLevel.None;

    /// <summary>Says why the daemon ends, whatever the level.</summary>
    internal void WriteFailure(Exception exception) => Write(_format switch
    {
        LogFormat.Json => JsonLogLine.Of(DateTimeOffset.UtcNow, LogLevel.Critical, "the daemon ends", exception, null),
        LogFormat.Journal => $"<2>{exception}",
        _ => $"chasqui: {exception}",
    });

    /// <summary>Says what is wrong, unless nothing is wanted.</summary>
    internal void WriteError(string sentence) => Log(LogLevel.Error, 0, sentence, null, static (state, _) => state);

    /// <summary>Says what is not as it could be.</summary>
    internal void WriteWarning(string sentence) => Log(LogLevel.Warning, 0, sentence, null, static (state, _) => state);

    /// <summary>Says what is of interest to who looks closely.</summary>
    internal void WriteDebug(string sentence) => Log(LogLevel.Debug, 0, sentence, null, static (state, _) => state);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= _level && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string sentence = formatter(state, exception);
        string detail = exception is null ? "" : $": {exception}";
        Write(_format switch
        {
            LogFormat.Json => JsonLogLine.Of(DateTimeOffset.UtcNow, logLevel, sentence, exception, state),
            LogFormat.Journal => $"<{PriorityOf(logLevel)}>{sentence}{detail}",
            _ => $"{WordOf(logLevel)}: {sentence}{detail}",
        });
    }

    private static string? NonEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static LogLevel Parse(string? value) => value switch
    {
        "verbose" or "debug" or "trace" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warning" or "warn" => LogLevel.Warning,
        "silent" or "off" => LogLevel.None,
        _ => LogLevel.Error,
    };

    private static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        >= LogLevel.Error => "ERROR",
        _ => "DEBUG",
    };

    /// <summary>Source: syslog(3), sd-daemon(3).</summary>
    private static int PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Error => 3,
        LogLevel.Critical => 2,
        _ => 7,
    };

    private void Write(string line)
    {
        try
        {
            _writer.WriteLine(line);
        }
        catch (IOException)
        {
            // EIO: the terminal has been closed.
        }
    }
}
