using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Processes;

namespace Chasqui.Device;

/// <summary>The thread that waits for everything slow: deadlines, the interface's state, routes, and the control socket's end.</summary>
/// <remarks>It sleeps in poll(2) until the earliest deadline, on a clock that runs while the machine sleeps; without one, for ever.</remarks>
internal sealed class ControlLoop : IDisposable
{
    // A burst of route changes is one check, and a storm of them ten a second.
    private static readonly TimeSpan RouteCheckGap = TimeSpan.FromMilliseconds(100);

    private readonly DeviceContext _context;
    private readonly WireGuardDevice _device;
    private readonly EventFd _stop = new();
    private readonly BootTimer _timer = new();
    private readonly LinkWatch _link;
    private readonly NetworkMonitor _routes;
    private readonly SourceCheck _sourceCheck;
    private readonly List<NetworkEvent> _routeEvents = [];
    private readonly Thread _thread;
    private SendingOutbox _outbox;
    private PathWatch? _controlSocket;
    private Instant _timerSetTo = Instant.Never;
    private Instant _lastRouteCheck;
    private Instant _nextRouteCheck = Instant.Never;
    private volatile bool _isStopping;

    /// <summary>Looks at the interface once; <see cref="Start"/> begins to follow it.</summary>
    internal ControlLoop(DeviceContext context, WireGuardDevice device)
    {
        _context = context;
        _device = device;
        _outbox = new SendingOutbox(context.Sockets);
        _link = new LinkWatch(context.Tun);
        _routes = NetworkMonitor.Open(NetworkEventSources.Routes | NetworkEventSources.Addresses);
        _sourceCheck = new SourceCheck(context.Tunnel);
        _thread = new Thread(Run) { IsBackground = true, Name = "control" };
    }

    /// <summary>Starts the thread.</summary>
    /// <param name="controlSocketPath">The file whose removal ends the device, or null.</param>
    internal void Start(string? controlSocketPath)
    {
        _controlSocket = controlSocketPath is null ? null : PathWatch.Open(controlSocketPath);
        ApplyLink();
        _thread.Start();
    }

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _controlSocket?.Dispose();
        _sourceCheck.Dispose();
        _routes.Dispose();
        _link.Dispose();
        _timer.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                WaitUntilLinkMoves();
            }
        }
        catch (Exception exception)
        {
            _context.Fail(exception);
        }
    }

    /// <summary>Serves one set of descriptors; the interface's move to another namespace needs another.</summary>
    private void WaitUntilLinkMoves()
    {
        using var poller = new Poller(6);
        poller.Add(_stop.Descriptor, PollEvents.Read);
        int wake = poller.Add(_context.Wake.Descriptor, PollEvents.Read);
        int timer = poller.Add(_timer.Descriptor, PollEvents.Read);
        int link = poller.Add(_link.Descriptor, PollEvents.Read);
        int routes = poller.Add(_routes.Descriptor, PollEvents.Read);
        int controlSocket = _controlSocket is null ? -1 : poller.Add(_controlSocket.Descriptor, PollEvents.Read);
        bool hasMoved = false;
        while (!hasMoved && !_isStopping)
        {
            SetTimer();
            poller.Wait(Poller.Forever);
            _ = poller.Ready(wake) != 0 && _context.Wake.Clear();
            if (poller.Ready(timer) != 0 && _timer.Clear())
            {
                _timerSetTo = Instant.Never; // an alarm that has rung is not set any more
            }

            if (poller.Ready(link) != 0)
            {
                hasMoved = _link.Read();
                ApplyLink();
            }

            if (poller.Ready(routes) != 0)
            {
                NoteRouteEvents();
            }

            if (controlSocket >= 0 && poller.Ready(controlSocket) != 0 && _controlSocket!.Update())
            {
                _context.ControlSocketIsGone();
            }

            RunDeadlines();
        }
    }

    private void RunDeadlines()
    {
        Moment now = Clock.Read();
        if (_context.Tunnel.NextDeadline <= now.Now)
        {
            _context.Tunnel.Tick(now, ref _outbox);
        }

        if (_nextRouteCheck <= now.Now)
        {
            _nextRouteCheck = Instant.Never;
            _lastRouteCheck = now.Now;
            _sourceCheck.Run(_device.FwMark);
        }
    }

    /// <summary>Arms the timer, and lets the other threads know what for, so that they wake this one only for something earlier.</summary>
    private void SetTimer()
    {
        Instant deadline;
        do
        {
            deadline = _context.Tunnel.NextDeadline;
            _context.ArmedDeadline = deadline;
        }
        while (_context.Tunnel.NextDeadline < deadline);

        deadline = _nextRouteCheck < deadline ? _nextRouteCheck : deadline;
        if (deadline == _timerSetTo)
        {
            return;
        }

        _timerSetTo = deadline;
        if (deadline == Instant.Never)
        {
            _timer.Disarm();
        }
        else
        {
            _timer.ArmAt(deadline.Nanoseconds);
        }
    }

    private void ApplyLink()
    {
        if (_link.IsDeleted)
        {
            _context.InterfaceIsGone();
            return;
        }

        _context.Tunnel.Mtu = _link.Mtu;
        if (_link.IsUp)
        {
            _device.InterfaceIsUp();
        }
        else
        {
            _device.InterfaceIsDown();
        }
    }

    private void NoteRouteEvents()
    {
        _routeEvents.Clear();
        if (_routes.Read(_routeEvents) && _nextRouteCheck == Instant.Never)
        {
            _nextRouteCheck = _lastRouteCheck + RouteCheckGap;
        }
    }
}
