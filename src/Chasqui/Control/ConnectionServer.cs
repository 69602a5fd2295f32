using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>Accepts the clients of one control socket.</summary>
/// <remarks>
/// Each client has a thread of its own, so that one that stalls keeps nobody waiting; the oldest is dropped when there are too many.
/// </remarks>
internal sealed class ConnectionServer : IDisposable
{
    private const int PauseMilliseconds = 100;

    private readonly UnixListener _listener;
    private readonly Func<UnixStream, IControlConnection> _accept;
    private readonly int _maxConnections;
    private readonly string _threadName;
    private readonly ControlLog _log;
    private readonly EventFd _stop = new();
    private readonly Thread _thread;
    private bool _isDisposed;

    // Guards _connections, oldest first.
    private readonly Lock _gate = new();
    private readonly LinkedList<IControlConnection> _connections = new();

    /// <summary>Starts to serve.</summary>
    /// <param name="listener">The socket; stays the caller's, who closes it after this.</param>
    /// <param name="accept">Makes a connection of a client's stream, which it owns.</param>
    /// <param name="maxConnections">Clients served at once.</param>
    /// <param name="threadName">The thread's name, as top(1) shows it.</param>
    /// <param name="log">Where it is told that a client was not accepted.</param>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    internal ConnectionServer(
        UnixListener listener, Func<UnixStream, IControlConnection> accept, int maxConnections, string threadName, ControlLog log)
    {
        _listener = listener;
        _accept = accept;
        _maxConnections = maxConnections;
        _threadName = threadName;
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = threadName };
        _thread.Start();
    }

    /// <summary>Stops to accept, and ends every connection; what is being applied is finished. A second call does nothing.</summary>
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
            foreach (IControlConnection connection in _connections)
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
                Serve(_accept(stream));
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

    private void Serve(IControlConnection connection)
    {
        LinkedListNode<IControlConnection> node;
        lock (_gate)
        {
            if (_connections.Count >= _maxConnections)
            {
                _connections.First!.Value.Abort();
                _connections.RemoveFirst();
            }

            node = _connections.AddLast(connection);
        }

        try
        {
            var thread = new Thread(() => ServeToEnd(node), maxStackSize: 256 * 1024) { IsBackground = true, Name = $"{_threadName} client" };
            thread.Start();
        }
        catch
        {
            End(node); // the limit of threads is reached, which the runtime calls a lack of memory
            throw;
        }
    }

    private void ServeToEnd(LinkedListNode<IControlConnection> node)
    {
        node.Value.Run();
        End(node);
    }

    private void End(LinkedListNode<IControlConnection> node)
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
