using Microsoft.Extensions.Logging;

namespace Chasqui.Cli;

/// <summary>Writes events to standard error, one line each, at the level that LOG_LEVEL (or WG_LOG_LEVEL) asks for.</summary>
internal sealed class StderrLogger : ILogger
{
    private static readonly LogLevel Level = Parse(Variable);

    /// <summary>Whether the environment asks for messages of a daemon in the background: then it keeps its standard error.</summary>
    internal static bool IsWanted => !string.IsNullOrEmpty(Variable) && Level != LogLevel.None;

    private static string? Variable =>
        Environment.GetEnvironmentVariable("LOG_LEVEL") ?? Environment.GetEnvironmentVariable("WG_LOG_LEVEL");

    /// <summary>Says why the daemon ends, whatever the level.</summary>
    internal static void WriteFailure(Exception exception) => Console.Error.WriteLine($"chasqui: {exception}");

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= Level && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Console.Error.WriteLine($"{(logLevel >= LogLevel.Error ? "ERROR" : "DEBUG")}: {formatter(state, exception)}");
        }
    }

    private static LogLevel Parse(string? value) => value switch
    {
        "verbose" or "debug" or "trace" or "info" => LogLevel.Debug,
        "silent" or "off" => LogLevel.None,
        _ => LogLevel.Error,
    };
}
