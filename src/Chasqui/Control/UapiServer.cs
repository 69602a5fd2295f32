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

    private const string SocketDirectory = "/var/run/wireguard";

    private readonly UnixListener _listener;
    private readonly WireGuardDevice _device;
    private readonly ControlLog _log;
    private readonly EventFd _stop = new();
    private readonly Thread _thread;

    // Guards _connections, oldest first.
    private readonly Lock _gate = new();
    private readonly LinkedList<UapiConnection> _connections = new();

    /// <summary>Starts to serve.</summary>
    /// <param name="listener">The socket; stays the caller's.</param>
    /// <param name="device">What is configured.</param>
    /// <param name="logger">Where the reason of a refusal goes, since the protocol carries only a number.</param>
    public UapiServer(UnixListener listener, WireGuardDevice device, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(device);
        _listener = listener;
        _device = device;
        _log = new ControlLog(logger, device.Name);
        _thread = new Thread(Run) { IsBackground = true, Name = "uapi" };
        _thread.Start();
    }

    /// <summary>The control socket's path for an interface.</summary>
    public static string PathOf(string interfaceName) => $"{SocketDirectory}/{interfaceName}.sock";

    /// <summary>Stops to accept, and ends every connection.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        lock (_gate)
        {
            foreach (UapiConnection connection in _connections)
            {
                connection.Abort();
            }
        }
    }

    private void Run()
    {
        using var poller = new Poller(2);
        poller.Add(_listener.Descriptor, PollEvents.Read);
        int stop = poller.Add(_stop.Descriptor, PollEvents.Read);
        while (true)
        {
            poller.Wait(Poller.Forever);
            if (poller.Ready(stop) != 0)
            {
                return;
            }

            AcceptAll();
        }
    }

    private void AcceptAll()
    {
        try
        {
            while (_listener.Accept() is { } stream)
            {
                Serve(new UapiConnection(stream, _device, _log));
            }
        }
        catch (LinuxException exception)
        {
            // Out of descriptors. The pause keeps a full table from becoming a busy loop.
            _log.NotAccepted(exception.Message);
            Thread.Sleep(100);
        }
    }

    private void Serve(UapiConnection connection)
    {
        LinkedListNode<UapiConnection> node;
        lock (_gate)
        {
            if (_connections.Count >= MaxConnections)
            {
                _connections.First!.Value.Abort();
                _connections.RemoveFirst();
            }

            node = _connections.AddLast(connection);
        }

        var thread = new Thread(() => ServeToEnd(node), maxStackSize: 256 * 1024) { IsBackground = true, Name = "uapi client" };
        thread.Start();
    }

    private void ServeToEnd(LinkedListNode<UapiConnection> node)
    {
        using UapiConnection connection = node.Value;
        connection.Run();
        lock (_gate)
        {
            if (node.List is not null)
            {
                _connections.Remove(node);
            }
        }
    }
}
