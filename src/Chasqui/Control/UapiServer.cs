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

    private const int PauseMilliseconds = 100;

    private readonly UnixListener _listener;
    private readonly WireGuardDevice _device;
    private readonly ControlLog _log;
    private readonly EventFd _stop = new();
    private readonly Thread _thread;
    private bool _isDisposed;

    // Guards _connections, oldest first.
    private readonly Lock _gate = new();
    private readonly LinkedList<UapiConnection> _connections = new();

    /// <summary>Starts to serve.</summary>
    /// <param name="listener">The socket; stays the caller's, who closes it after this.</param>
    /// <param name="device">What is configured.</param>
    /// <param name="logger">Where the reason of a refusal goes, since the protocol carries only a number.</param>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
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

    /// <summary>Stops to accept, and ends every connection; an operation that is being applied is finished. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
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
        try
        {
            AcceptUntilStopped();
        }
        catch (Exception exception)
        {
            _log.AcceptingFailed(exception);
        }
    }

    private void AcceptUntilStopped()
    {
        using var poller = new Poller(2);
        int stop = poller.Add(_stop.Descriptor, PollEvents.Read);
        int listener = poller.Add(_listener.Descriptor, PollEvents.Read);
        bool isRefusing = false;
        while (true)
        {
            poller.Wait(isRefusing ? PauseMilliseconds : Poller.Forever);
            if (poller.Ready(stop) != 0)
            {
                return;
            }

            // Whoever waits while there are no descriptors or threads keeps the listener readable: it is not listened to for a while.
            bool wasRefusing = isRefusing;
            isRefusing = !TryAcceptAll(isToldAgain: !wasRefusing);
            if (isRefusing != wasRefusing)
            {
                poller.SetEvents(listener, isRefusing ? PollEvents.None : PollEvents.Read);
            }
        }
    }

    /// <summary>Serves everybody who waits.</summary>
    /// <param name="isToldAgain">Whether a reason not to is worth a line in the log.</param>
    /// <returns><see langword="false"/> if somebody still waits, because there are no descriptors or threads left.</returns>
    private bool TryAcceptAll(bool isToldAgain)
    {
        try
        {
            while (_listener.Accept() is { } stream)
            {
                Serve(new UapiConnection(stream, _device, _log));
            }

            return true;
        }
        catch (Exception exception) when (exception is LinuxException or OutOfMemoryException)
        {
            if (isToldAgain)
            {
                _log.NotAccepted(exception.Message);
            }

            return false;
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

        try
        {
            var thread = new Thread(() => ServeToEnd(node), maxStackSize: 256 * 1024) { IsBackground = true, Name = "uapi client" };
            thread.Start();
        }
        catch
        {
            End(node); // the limit of threads is reached, which the runtime calls a lack of memory
            throw;
        }
    }

    private void ServeToEnd(LinkedListNode<UapiConnection> node)
    {
        node.Value.Run();
        End(node);
    }

    private void End(LinkedListNode<UapiConnection> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
            {
                _connections.Remove(node);
            }
        }

        node.Value.Dispose();
    }
}
