using Microsoft.Extensions.Logging;

namespace Chasqui.Control;

/// <summary>Every message of the control socket. None of them holds a value that a client sent.</summary>
internal sealed partial class ControlLog(ILogger logger, string name)
{
    private readonly ILogger _logger = logger;
    private readonly string _name = name;

    internal void Refused(string reason) => Refused(_name, reason);

    internal void NotAccepted(string reason) => NotAccepted(_name, reason);

    internal void ConnectionFailed(Exception exception) => ConnectionFailed(_name, exception);

    internal void AcceptingFailed(Exception exception) => AcceptingFailed(_name, exception);

    internal void ConnectionEnded(string reason) => ConnectionEnded(_name, reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: UAPI operation refused: {Reason}")]
    private partial void Refused(string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: UAPI connection not accepted: {Reason}")]
    private partial void NotAccepted(string name, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: UAPI connection ended: {Reason}")]
    private partial void ConnectionEnded(string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: UAPI connection failed, which is a bug")]
    private partial void ConnectionFailed(string name, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: the control socket is served no more, which is a bug")]
    private partial void AcceptingFailed(string name, Exception exception);
}
