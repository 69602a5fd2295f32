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
    private readonly NameLoop _names;
    private readonly BootTimer _timer = new();
    private readonly NetworkMonitor _routes;
    private readonly SourceCheck _sourceCheck;
    private readonly NetworkErrors _errors;
    private readonly PathWatch? _controlSocket;
    private readonly List<NetworkEvent> _routeEvents = [];
    private readonly LoopThread _thread;
    private SendingOutbox _outbox;
    private Instant _timerSetTo = Instant.Never;
    private Instant _lastRouteCheck;
    private Instant _nextRouteCheck = Instant.Never;
    private Instant _nextErrors = Instant.Never;

    // Guards _link; taken before any lock of the device or the tunnel.
    private readonly Lock _linkGate = new();
    private readonly LinkWatch _link;
    private volatile bool _isLinkElsewhere;
    private bool _isDisposed;

    /// <summary>Looks at the interface once; <see cref="Start"/> begins to follow it.</summary>
    /// <param name="context">What the threads share.</param>
    /// <param name="device">Who is told of the interface's state.</param>
    /// <param name="names">Who resolves what the tunnel asks for.</param>
    /// <param name="controlSocketPath">The file whose removal ends the device, or null.</param>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    internal ControlLoop(DeviceContext context, WireGuardDevice device, NameLoop names, string? controlSocketPath)
    {
        _context = context;
        _device = device;
        _names = names;
        _outbox = new SendingOutbox(context.Sockets);
        _link = new LinkWatch(context.Tun, context.Home, context.Privileged.Foreign);
        _routes = NetworkMonitor.Open(NetworkEventSources.Routes | NetworkEventSources.Addresses);
        _sourceCheck = new SourceCheck(context.Tunnel);
        _errors = new NetworkErrors(context.Privileged.Errors);
        context.Tunnel.HearsNetworkErrors = _errors.IsOpen;
        _controlSocket = controlSocketPath is null ? null : PathWatch.Open(controlSocketPath);
        _thread = new LoopThread(context, "control", Run);
    }

    /// <summary>Takes the interface's state over, and starts the thread that follows it.</summary>
    internal void Start()
    {
        lock (_linkGate)
        {
            ApplyLink();
        }

        _thread.Start();
    }

    /// <summary>Takes in at once what the kernel has said about the interface already.</summary>
    /// <remarks>
    /// The kernel queues its news before <c>ip link set up</c> returns, so whoever calls this first acts on the state that a script
    /// sees. Threads: any that holds no lock of the device. Costs one system call if there is nothing new.
    /// </remarks>
    internal void FollowLink()
    {
        lock (_linkGate)
        {
            if (_isDisposed)
            {
                return;
            }

            FileDescriptor heardOn = _link.Descriptor;
            try
            {
                if (!_link.Read())
                {
                    return;
                }
            }
            catch (LinuxException exception)
            {
                _context.Fail(exception); // the news is lost, whoever took it
                return;
            }

            if (_link.Descriptor != heardOn)
            {
                _isLinkElsewhere = true;
                _context.Wake.Set();
            }

            ApplyLink();
        }
    }

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        lock (_linkGate)
        {
            _isDisposed = true;
            _link.Dispose();
        }

        _controlSocket?.Dispose();
        _sourceCheck.Dispose();
        _routes.Dispose();
        _timer.Dispose();
    }

    private void Run()
    {
        while (!_thread.IsStopping)
        {
            WaitUntilLinkMoves();
        }
    }

    /// <summary>Serves one set of descriptors; the interface's move to another namespace needs another.</summary>
    private void WaitUntilLinkMoves()
    {
        using var poller = new Poller(6 + _errors.Count);
        poller.Add(_thread.StopDescriptor, PollEvents.Read);
        int wake = poller.Add(_context.Wake.Descriptor, PollEvents.Read);
        int timer = poller.Add(_timer.Descriptor, PollEvents.Read);
        int routes = poller.Add(_routes.Descriptor, PollEvents.Read);
        int controlSocket = _controlSocket is null ? -1 : poller.Add(_controlSocket.Descriptor, PollEvents.Read);
        _errors.AddTo(poller);
        int link;
        lock (_linkGate)
        {
            link = poller.Add(_link.Descriptor, PollEvents.Read);
            _isLinkElsewhere = false;
        }

        while (!_isLinkElsewhere && !_thread.IsStopping)
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
                FollowLink();
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
            HearErrors(poller);
        }
    }

    /// <summary>What the network says is read a little at a time, however much it says.</summary>
    private void HearErrors(Poller poller)
    {
        if (_errors.IsReady(poller))
        {
            Instant now = Clock.Now();
            _errors.Read(_context.Tunnel, _device.ListenPort, now);
            _errors.Listen(poller, isWanted: false);
            Instant end = Clock.Now();
            _nextErrors = end + NetworkErrors.PauseAfter(end - now);
        }
        else if (_nextErrors != Instant.Never && _nextErrors <= Clock.Now())
        {
            _errors.Listen(poller, isWanted: true);
            _nextErrors = Instant.Never;
        }
    }

    private void RunDeadlines()
    {
        Moment now = Clock.Read();
        if (_context.Tunnel.NextDeadline <= now.Now)
        {
            _context.Tunnel.Tick(now, ref _outbox);
            _names.TakeQueries();
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
        Instant deadline = _context.Arm();
        deadline = _nextRouteCheck < deadline ? _nextRouteCheck : deadline;
        deadline = _nextErrors < deadline ? _nextErrors : deadline;
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

    /// <summary>Tells the device what has become of the interface. The link's gate is held.</summary>
    private void ApplyLink()
    {
        if (_link.IsDeleted)
        {
            _context.InterfaceIsGone();
            return;
        }

        _context.Tunnel.Mtu = _link.Mtu;
        if (_link.WasDown || !_link.IsUp)
        {
            _device.InterfaceIsDown(); // down and up at once end the sessions as well
        }

        if (_link.IsUp)
        {
            _device.InterfaceIsUp();
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
