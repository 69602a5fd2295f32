using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Tun;
using Microsoft.Extensions.Logging;

namespace Chasqui.Device;

/// <summary>A running WireGuard interface: a TUN device, two UDP sockets and the threads between them.</summary>
/// <remarks>
/// The interface's state is the kernel's to say: while it is up the sockets are open; when it goes down they are closed and the
/// sessions dropped, as with the kernel's own WireGuard. The sockets are opened in the network namespace in which the device was
/// opened, wherever the interface moves. Threads: every member may be called from any thread.
/// </remarks>
public sealed class WireGuardDevice : IDisposable
{
    private readonly DeviceContext _context;
    private readonly ControlLoop _control;
    private readonly OutboundLoop _outbound;
    private readonly HandshakeLoop _handshakes;
    private readonly DeviceLog _log;

    // Serialises what concerns the sockets: up, down, port, mark. Taken before any lock of the tunnel.
    private readonly Lock _configuration = new();
    private ushort _listenPort;
    private uint _fwMark;
    private bool _isLinkUp;

    /// <summary>Takes over an open TUN device and starts.</summary>
    /// <param name="tun">The device; owned from here on.</param>
    /// <param name="logger">Where events go.</param>
    /// <param name="controlSocketPath">The file whose removal ends the device, or null.</param>
    /// <exception cref="LinuxException">The kernel refuses something that is needed.</exception>
    public WireGuardDevice(TunDevice tun, ILogger logger, string? controlSocketPath)
    {
        ArgumentNullException.ThrowIfNull(tun);
        _log = new DeviceLog(logger, tun.Name);
        _context = new DeviceContext(tun);
        _control = new ControlLoop(_context, this);
        _outbound = new OutboundLoop(_context);
        _handshakes = new HandshakeLoop(_context);
        _control.Start(controlSocketPath);
    }

    /// <summary>The interface's name when it was opened.</summary>
    public string Name => _context.Tun.Name;

    /// <summary>Completes when the device has come to its end by itself.</summary>
    public Task<DeviceExit> Exit => _context.Exit;

    /// <summary>Packets dropped so far, by reason.</summary>
    public DropCounters Drops => _context.Tunnel.Drops;

    /// <summary>Applies a change whole, or not at all.</summary>
    /// <exception cref="LinuxException">
    /// The kernel refuses the port (EADDRINUSE) or the mark (EPERM), or there would be too many peers (ENOSPC); nothing has changed.
    /// </exception>
    public void Apply(DeviceChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_configuration)
        {
            ushort port = change.ListenPort ?? _listenPort;
            uint mark = change.FwMark ?? _fwMark;
            SocketPair? pair = NeedsNewSockets(change.ListenPort) ? DatagramSockets.OpenPair(port, mark) : null;
            try
            {
                _context.Sockets.SetMark(mark);
                if (!_context.Tunnel.TryApply(change, Clock.Read().Now))
                {
                    throw new LinuxException("set", "more peers than a device can have", Errno.ENOSPC);
                }
            }
            catch
            {
                pair?.Dispose();
                _context.Sockets.SetMark(_fwMark);
                throw;
            }

            CommitSockets(pair, port, mark);
        }

        _context.WakeForDeadline();
    }

    /// <summary>The configuration and state at this moment; the caller disposes it.</summary>
    public DeviceSnapshot Snapshot()
    {
        lock (_configuration)
        {
            return _context.Tunnel.Snapshot(_listenPort, _fwMark);
        }
    }

    /// <summary>Ends the device: the interface disappears with its last descriptor.</summary>
    public void Dispose()
    {
        _control.Dispose();
        _outbound.Dispose();
        _handshakes.Dispose();
        _context.Dispose();
    }

    /// <summary>The mark of outgoing datagrams.</summary>
    internal uint FwMark => Volatile.Read(ref _fwMark);

    /// <summary>Follows the interface up: sockets first, then whatever wants to be sent.</summary>
    internal void InterfaceIsUp()
    {
        lock (_configuration)
        {
            _isLinkUp = true;
            if (_context.Tunnel.IsUp)
            {
                return;
            }

            try
            {
                CommitSockets(DatagramSockets.OpenPair(_listenPort, _fwMark), _listenPort, _fwMark);
            }
            catch (LinuxException exception)
            {
                // The interface stays up without sockets; another port, or down and up again, tries anew.
                _log.SocketsNotOpened(_listenPort, exception.Message);
            }
        }

        _context.WakeForDeadline();
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
            _context.Handshakes.Clear();
            _context.Sockets.Close();
            _log.Down();
        }
    }

    /// <summary>A new port needs new sockets; an interface that came up without any takes every chance.</summary>
    private bool NeedsNewSockets(ushort? wanted) => _isLinkUp
        && (!_context.Tunnel.IsUp || (wanted is { } port && (port == 0 || port != _listenPort)));

    private void CommitSockets(SocketPair? pair, ushort port, uint mark)
    {
        _listenPort = port;
        _fwMark = mark;
        if (pair is null)
        {
            return;
        }

        _context.Sockets.Use(pair);
        _listenPort = pair.V4.Port;
        if (!_context.Tunnel.IsUp)
        {
            _context.Tunnel.Up(Clock.Read().Now);
            _log.Up(_listenPort);
        }
    }
}
