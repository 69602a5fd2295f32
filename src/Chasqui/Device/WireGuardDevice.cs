using System.Buffers;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Linux;
using Chasqui.Linux.Tun;
using Chasqui.Names;
using Microsoft.Extensions.Logging;

namespace Chasqui.Device;

/// <summary>A running WireGuard interface: a TUN device, UDP sockets of both families and the threads between them.</summary>
/// <remarks>
/// The interface's state is the kernel's to say: while it is up the sockets are open; when it goes down they are closed and the
/// sessions dropped, as with the kernel's own WireGuard. The sockets are opened in the network namespace in which the device was
/// opened, wherever the interface moves and whoever configures it. Threads: every member may be called from any thread.
/// </remarks>
public sealed class WireGuardDevice : IDisposable
{
    private readonly DeviceContext _context;
    private readonly ControlLoop _control;
    private readonly List<OutboundLoop> _outbound = [];
    private readonly HandshakeLoop _handshakes;
    private readonly NameLoop _names;
    private readonly DeviceLog _log;
    private readonly EventLog? _eventLog;

    // Serialises what concerns the sockets: up, down, port, mark, the end. Taken before any lock of the tunnel.
    private readonly Lock _configuration = new();
    private ushort _listenPort;
    private uint _fwMark;
    private bool _isLinkUp;
    private bool _isDisposed;

    /// <summary>Takes over an open TUN device and starts.</summary>
    /// <param name="tun">The device; owned from here on, also if this throws.</param>
    /// <param name="logger">Where events go.</param>
    /// <param name="controlSocketPath">The file whose removal ends the device, or null.</param>
    /// <exception cref="LinuxException">The kernel refuses something that is needed; nothing is left behind.</exception>
    public WireGuardDevice(TunDevice tun, ILogger logger, string? controlSocketPath)
        : this(tun, logger, controlSocketPath, NameResolver.Resolve, Lanes.WantedWorkers())
    {
    }

    /// <summary>Takes over an open TUN device in a process that has given up the privileges that some sockets take.</summary>
    /// <param name="tun">The device; owned from here on, also if this throws.</param>
    /// <param name="logger">Where events go.</param>
    /// <param name="controlSocketPath">The file whose removal ends the device, or null.</param>
    /// <param name="privileged">What was opened before; owned from here on.</param>
    /// <exception cref="LinuxException">The kernel refuses something that is needed; nothing is left behind.</exception>
    public WireGuardDevice(TunDevice tun, ILogger logger, string? controlSocketPath, PrivilegedSockets privileged)
        : this(tun, logger, controlSocketPath, NameResolver.Resolve, Lanes.WantedWorkers(), privileged)
    {
    }

    /// <summary>A device with a resolver of the caller's, which may block and must not throw, and as many workers as the caller says.</summary>
    internal WireGuardDevice(
        TunDevice tun,
        ILogger logger,
        string? controlSocketPath,
        Func<EndpointName, NameAnswer> resolve,
        int workers,
        PrivilegedSockets? privileged = null)
    {
        ArgumentNullException.ThrowIfNull(tun);
        try
        {
            _log = new DeviceLog(logger, tun.Name);
            _context = new DeviceContext(tun, workers, privileged);
            _context.Secrets.Failed = _log.KeysNotLocked;
            EventSignals = new EventSignals(_context.Tunnel.Journal);
            _eventLog = EventLog.IsWanted(logger) ? new EventLog(Journal, EventSignals, logger, tun.Name) : null;
            _names = new NameLoop(_context, _log, resolve);
            _control = new ControlLoop(_context, this, _names, controlSocketPath);
            for (int lane = 0; lane < _context.Lanes; lane++)
            {
                _outbound.Add(new OutboundLoop(_context, _control, lane));
            }

            _handshakes = new HandshakeLoop(_context);
            _handshakes.Start();
            _control.Start();
            _outbound.ForEach(loop => loop.Start());
        }
        catch
        {
            DisposeParts();
            tun.Dispose();
            throw;
        }
    }

    /// <summary>The interface's name when it was opened.</summary>
    public string Name => _context.Tun.Name;

    /// <summary>Completes when the device has come to its end by itself.</summary>
    public Task<DeviceExit> Exit => _context.Exit;

    /// <summary>Packets dropped so far, by reason.</summary>
    public DropCounters Drops => _context.Tunnel.Drops;

    /// <summary>Applies a change whole, or not at all.</summary>
    /// <exception cref="LinuxException">
    /// The kernel refuses the port (EADDRINUSE) or the mark (EPERM), or there would be too many peers (ENOMEM); nothing has changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The device has ended.</exception>
    public void Apply(DeviceChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _control.FollowLink();
        lock (_configuration)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ApplyLocked(change.ListenPort == _listenPort ? WithoutPort(change) : change, change.ListenPort is not null);
            _context.WakeForDeadline();
        }
    }

    /// <summary>The configuration and state at this moment; the caller disposes it.</summary>
    /// <exception cref="ObjectDisposedException">The device has ended.</exception>
    public DeviceSnapshot Snapshot()
    {
        _control.FollowLink();
        lock (_configuration)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _context.Tunnel.Snapshot(_listenPort, _fwMark);
        }
    }

    /// <summary>What happens to the tunnel, as it happens.</summary>
    public EventJournal Journal => _context.Tunnel.Journal;

    /// <summary>State and evidence at this moment, without secrets.</summary>
    /// <exception cref="ObjectDisposedException">The device has ended.</exception>
    public TunnelStatus Status()
    {
        _control.FollowLink();
        lock (_configuration)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _context.Tunnel.Status(Clock.Read(), _listenPort, _fwMark);
        }
    }

    /// <summary>Begins to give the keys of handshakes to one client, and sessions anew; null while another has them.</summary>
    internal KeyLog? BeginKeyLog(TimeSpan duration)
    {
        KeyLog? log = _context.Tunnel.BeginKeyLog(Clock.Now(), duration);
        _context.WakeForDeadline();
        return log;
    }

    /// <summary>Writes the keys of handshakes since the last time; the caller zeroes them.</summary>
    /// <returns>Whether its time is not over.</returns>
    internal bool TryTakeKeys(KeyLog log, IBufferWriter<byte> output) => _context.Tunnel.TryTakeKeys(Clock.Now(), log, output);

    /// <summary>Forgets the keys of handshakes.</summary>
    internal void EndKeyLog(KeyLog log) => _context.Tunnel.EndKeyLog(Clock.Now(), log);

    /// <summary>What its threads, queues and offloads are like at this moment.</summary>
    internal DeviceFigures Figures() => new()
    {
        Interface = BatchFigures.Sum(_context.Batches.Interface),
        Sent = BatchFigures.Sum(_context.Batches.Sent),
        Received = BatchFigures.Sum(_context.Batches.Received),
        QueuedHandshakes = _context.Handshakes.Count,
        Lanes = _context.Lanes,
        Workers = _context.Workers.Count,
        TunOffloads = _context.Tun.Offloads,
        UdpOffloads = _context.Sockets.Offloads,
    };

    /// <summary>Ends the device: the interface disappears with its last descriptor. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_configuration)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true; // from here on nothing is opened any more
        }

        DisposeParts();
    }

    /// <summary>Wakes who follows <see cref="Journal"/>.</summary>
    internal EventSignals EventSignals { get; }

    /// <summary>The mark of outgoing datagrams.</summary>
    internal uint FwMark => Volatile.Read(ref _fwMark);

    /// <summary>The UDP port; 0 while none was chosen.</summary>
    internal ushort ListenPort => Volatile.Read(ref _listenPort);

    /// <summary>The index of an interface where the sockets are, or null; for endpoints such as <c>[fe80::1%eth0]:51820</c>.</summary>
    internal uint? FindInterface(string name) => _context.Home.Run(() => NetworkInterfaces.FindIndex(name));

    /// <summary>Follows the interface up: sockets first, then whatever wants to be sent.</summary>
    internal void InterfaceIsUp()
    {
        lock (_configuration)
        {
            _isLinkUp = true;
            if (_context.Tunnel.IsUp || _isDisposed)
            {
                return;
            }

            try
            {
                Commit(OpenSockets(_listenPort, _fwMark), _listenPort, _fwMark);
            }
            catch (LinuxException exception)
            {
                // The interface stays up without sockets; another port or mark, or down and up again, tries anew.
                _log.SocketsNotOpened(_listenPort, exception.Message);
            }

            _context.WakeForDeadline();
        }
    }

    /// <summary>Follows the interface down: nothing is sent any more, then the sockets close.</summary>
    internal void InterfaceIsDown()
    {
        lock (_configuration)
        {
            _isLinkUp = false;
            if (!_context.Tunnel.IsUp)
            {
                return;
            }

            _context.Tunnel.Down();
            _context.Sockets.Close();
            _context.Handshakes.Clear();
            Journal.Add(new TunnelEvent { Kind = TunnelEventKind.InterfaceDown, At = Clock.Now() });
        }
    }

    /// <summary>The kernel's own WireGuard forgets no source address when it is told the port that it has.</summary>
    private static DeviceChange WithoutPort(DeviceChange change) => new()
    {
        PrivateKey = change.PrivateKey,
        FwMark = change.FwMark,
        ReplacePeers = change.ReplacePeers,
        Peers = change.Peers,
    };

    private void ApplyLocked(DeviceChange change, bool isPortNamed)
    {
        ushort port = change.ListenPort ?? _listenPort;
        uint mark = change.FwMark ?? _fwMark;

        // An interface that came up without sockets tries again when it is told what may have been in the way.
        bool isRetry = !_context.Tunnel.IsUp && (isPortNamed || change.FwMark is not null);
        SocketPair? pair = _isLinkUp && (isRetry || change.ListenPort is not null) ? OpenSockets(port, mark) : null;
        bool isMarkOfOldNew = pair is null && mark != _fwMark;
        try
        {
            if (isMarkOfOldNew)
            {
                _context.Sockets.SetMark(mark);
            }

            if (!_context.Tunnel.TryApply(change, Clock.Now()))
            {
                throw new LinuxException("set", "more peers than a device can have", Errno.ENOMEM);
            }
        }
        catch
        {
            pair?.Dispose();
            if (isMarkOfOldNew)
            {
                RestoreMark();
            }

            throw;
        }

        Commit(pair, port, mark);
    }

    private SocketPair OpenSockets(ushort port, uint mark) => _context.Home.Run(() => SocketPair.Open(_context, port, mark));

    private void RestoreMark()
    {
        try
        {
            _context.Sockets.SetMark(_fwMark);
        }
        catch (LinuxException)
        {
            // Whoever may not set a mark could not change it either.
        }
    }

    /// <summary>Nothing can fail here any more.</summary>
    private void Commit(SocketPair? pair, ushort port, uint mark)
    {
        _listenPort = port;
        _fwMark = mark;
        if (pair is null)
        {
            return;
        }

        _context.Sockets.Use(pair);
        _listenPort = pair.Port;
        if (!_context.Tunnel.IsUp)
        {
            Instant now = Clock.Now();
            _context.Tunnel.Up(now);
            Journal.Add(new TunnelEvent { Kind = TunnelEventKind.InterfaceUp, At = now, Number = _listenPort });
        }
    }

    /// <summary>Ends what there is: in a constructor that fails, not everything is.</summary>
    private void DisposeParts()
    {
        _control?.Dispose();
        _names?.Dispose();
        _outbound.ForEach(loop => loop.Dispose());
        _handshakes?.Dispose();
        _eventLog?.Dispose();
        _context?.Dispose();
    }
}
