using Microsoft.Extensions.Logging;

namespace Chasqui.Device;

/// <summary>Every message that a device logs.</summary>
internal sealed partial class DeviceLog(ILogger logger, string name)
{
    private readonly ILogger _logger = logger;
    private readonly string _name = name;

    internal void Up(ushort port) => Up(_name, port);

    internal void Down() => Down(_name);

    internal void SocketsNotOpened(ushort port, string reason) => SocketsNotOpened(_name, port, reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: interface up, listening on port {Port}")]
    private partial void Up(string name, ushort port);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Name}: interface down")]
    private partial void Down(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Name}: cannot listen on port {Port}: {Reason}")]
    private partial void SocketsNotOpened(string name, ushort port, string reason);
}
