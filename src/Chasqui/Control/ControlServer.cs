using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Microsoft.Extensions.Logging;

namespace Chasqui.Control;

/// <summary>The control socket of our own: <c>/var/run/chasqui/IFNAME.sock</c>, typed, versioned and without secrets.</summary>
/// <remarks>
/// Each client has a thread of its own; one that does not read what it asked for holds up nobody else, and is dropped after ten
/// seconds. Source: docs/control.md.
/// </remarks>
public sealed class ControlServer : IDisposable
{
    /// <summary>Clients served at once; the oldest is dropped for one more.</summary>
    public const int MaxConnections = 128;

    /// <summary>The group whose members may use it, if the machine has one of that name when the daemon starts.</summary>
    public const string Group = ControlProtocol.Group;

    private readonly ConnectionServer _server;

    /// <summary>Starts to serve.</summary>
    /// <param name="listener">The socket; stays the caller's, who closes it after this.</param>
    /// <param name="device">What is told about and configured.</param>
    /// <param name="logger">Where refusals go.</param>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public ControlServer(UnixListener listener, WireGuardDevice device, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(device);
        var log = new ControlLog(logger, device.Name, "control");
        _server = new ConnectionServer(listener, stream => new ControlConnection(stream, device, log), MaxConnections, "status", log);
    }

    /// <summary>The socket's path for an interface.</summary>
    public static string PathOf(string interfaceName) => $"{ControlProtocol.SocketDirectory}/{interfaceName}.sock";

    /// <summary>Listens for an interface's clients: for its owner only, and for the group <c>chasqui</c> if there is one.</summary>
    /// <exception cref="LinuxException">EADDRINUSE: somebody serves it. EACCES, EROFS and the like.</exception>
    public static UnixListener Listen(string interfaceName)
    {
        UnixListener listener = UnixListener.Bind(PathOf(interfaceName));
        try
        {
            if (SystemGroup.FindId(ControlProtocol.Group) is { } group)
            {
                listener.ShareWith(group);
            }

            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Stops to accept, and ends every connection; a change that is being applied is finished. A second call does nothing.</summary>
    public void Dispose() => _server.Dispose();
}
