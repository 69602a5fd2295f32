using Microsoft.Extensions.Logging;

namespace Chasqui.Cli;

/// <summary>Writes events to standard error, one line each, at the level that LOG_LEVEL (or WG_LOG_LEVEL) asks for.</summary>
/// <remarks>A terminal that has gone away takes no lines; that is no reason for a daemon to end.</remarks>
internal sealed class StderrLogger : ILogger
{
    private readonly TextWriter _writer;
    private readonly LogLevel _level;

    /// <summary>A logger.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="level">What LOG_LEVEL says; null or unknown words mean errors only.</param>
    internal StderrLogger(TextWriter writer, string? level)
    {
        _writer = writer;
        _level = Parse(level);
    }

    /// <summary>What the environment says: LOG_LEVEL, else WG_LOG_LEVEL; null if neither has anything in it.</summary>
    internal static string? LevelOfEnvironment => NonEmpty("LOG_LEVEL") ?? NonEmpty("WG_LOG_LEVEL");

    /// <summary>Whether the environment asks for messages of a daemon in the background: then it keeps its standard error.</summary>
    internal static bool IsWanted(string? level) => level is not null && Parse(level) != LogLevel.None;

    /// <summary>Says why the daemon ends, whatever the level.</summary>
    internal void WriteFailure(Exception exception) => Write($"chasqui: {exception}");

    /// <summary>Says what is wrong, unless nothing is wanted.</summary>
    internal void WriteError(string sentence) => Log(LogLevel.Error, 0, sentence, null, static (state, _) => state);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= _level && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string detail = exception is null ? "" : $": {exception}";
            Write($"{(logLevel >= LogLevel.Error ? "ERROR" : "DEBUG")}: {formatter(state, exception)}{detail}");
        }
    }

    private static string? NonEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static LogLevel Parse(string? value) => value switch
    {
        "verbose" or "debug" or "trace" or "info" => LogLevel.Debug,
        "silent" or "off" => LogLevel.None,
        _ => LogLevel.Error,
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
