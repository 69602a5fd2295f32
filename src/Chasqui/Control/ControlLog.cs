using Microsoft.Extensions.Logging;

namespace Chasqui.Control;

/// <summary>Every message of a control socket. None of them holds a value that a client sent.</summary>
/// <param name="logger">Where they go.</param>
/// <param name="name">The interface.</param>
/// <param name="protocol">What is spoken on the socket.</param>
internal sealed partial class ControlLog(ILogger logger, string name, string protocol)
{
    private readonly ILogger _logger = logger;
    private readonly string _name = name;
    private readonly string _protocol = protocol;

    internal void Refused(string reason) => Refused(_name, _protocol, reason);

    internal void NotAccepted(string reason) => NotAccepted(_name, _protocol, reason);

    internal void ConnectionFailed(Exception exception) => ConnectionFailed(_name, _protocol, exception);

    internal void AcceptingFailed(Exception exception) => AcceptingFailed(_name, _protocol, exception);

    internal void ConnectionEnded(string reason) => ConnectionEnded(_name, _protocol, reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: {Protocol} operation refused: {Reason}")]
    private partial void Refused(string name, string protocol, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: {Protocol} connection not accepted: {Reason}")]
    private partial void NotAccepted(string name, string protocol, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: {Protocol} connection ended: {Reason}")]
    private partial void ConnectionEnded(string name, string protocol, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: {Protocol} connection failed, which is a bug")]
    private partial void ConnectionFailed(string name, string protocol, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: the {Protocol} socket is served no more, which is a bug")]
    private partial void AcceptingFailed(string name, string protocol, Exception exception);
}
