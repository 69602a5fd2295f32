using Microsoft.Extensions.Logging;

namespace Chasqui.Metrics;

/// <summary>Every message of the metrics server.</summary>
internal sealed partial class MetricsLog(ILogger logger, string name)
{
    private readonly ILogger _logger = logger;
    private readonly string _name = name;

    internal void Failed(Exception exception) => Failed(_name, exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: metrics are served no more, which is a bug")]
    private partial void Failed(string name, Exception exception);
}
