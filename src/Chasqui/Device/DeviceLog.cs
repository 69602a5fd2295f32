using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Names;
using Microsoft.Extensions.Logging;

namespace Chasqui.Device;

/// <summary>Every message that a device logs beside the events of its journal, which <see cref="EventLog"/> does.</summary>
internal sealed partial class DeviceLog(ILogger logger, string name)
{
    private readonly ILogger _logger = logger;
    private readonly string _name = name;

    internal void SocketsNotOpened(ushort port, string reason) => SocketsNotOpened(_name, port, reason);

    internal void KeysNotLocked(int errno) => KeysNotLocked(_name, LinuxException.Describe(errno));

    /// <summary>Tells of an answer that changes something.</summary>
    internal void NameResolved(NameQuery query, NameOutcome outcome, in NameAnswer answer)
    {
        if (outcome is not (NameOutcome.Changed or NameOutcome.Placed))
        {
            return;
        }

        if (_logger.IsEnabled(LogLevel.Debug))
        {
            string now = outcome == NameOutcome.Placed ? "its endpoint is the first" : "tried when it is silent";
            string addresses = string.Join(", ", answer.Addresses);
            NameResolved(_name, query.Peer, query.Name, addresses, now);
        }
    }

    internal void NameNotResolved(NameQuery query, string reason, TimeSpan pause)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            NameNotResolved(_name, query.Peer, query.Name, reason, pause.TotalSeconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: {Peer}: {Host} is {Addresses}; {Now}")]
    private partial void NameResolved(string name, Peer peer, EndpointName host, string addresses, string now);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: {Peer}: {Host} is not resolved: {Reason}. Next try in {Seconds:F1} s")]
    private partial void NameNotResolved(string name, Peer peer, EndpointName host, string reason, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Name}: not all keys are locked in memory, and some may reach the swap: {Reason}; raise the limit (ulimit -l, LimitMEMLOCK=)")]
    private partial void KeysNotLocked(string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: cannot listen on port {Port}: {Reason}")]
    private partial void SocketsNotOpened(string name, ushort port, string reason);
}
