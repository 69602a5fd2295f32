using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Chasqui.Control;

/// <summary>The control socket of stock tools: <c>/var/run/wireguard/IFNAME.sock</c>.</summary>
/// <remarks>
/// Each client has a thread of its own, so that one that stalls keeps nobody waiting; the oldest is dropped when there are too
/// many. Source: wireguard.com/xplatform.
/// </remarks>
public sealed class UapiServer : IDisposable
{
    /// <summary>Clients served at once.</summary>
    public const int MaxConnections = 1024;

    /// <summary>Where stock tools look for control sockets.</summary>
    internal const string SocketDirectory = "/var/run/wireguard";

    private readonly ConnectionServer _server;

    /// <summary>Starts to serve.</summary>
    /// <param name="listener">The socket; stays the caller's, who closes it after this.</param>
    /// <param name="device">What is configured.</param>
    /// <param name="logger">Where the reason of a refusal goes, since the protocol carries only a number.</param>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public UapiServer(UnixListener listener, WireGuardDevice device, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(device);
        var log = new ControlLog(logger, device.Name, "UAPI");
        _server = new ConnectionServer(listener, stream => new UapiConnection(stream, device, log), MaxConnections, "uapi", log);
    }

    /// <summary>The control socket's path for an interface.</summary>
    public static string PathOf(string interfaceName) => $"{SocketDirectory}/{interfaceName}.sock";

    /// <summary>Stops to accept, and ends every connection; an operation that is being applied is finished. A second call does nothing.</summary>
    public void Dispose() => _server.Dispose();
}
