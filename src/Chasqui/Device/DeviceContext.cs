using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>What a device's threads share.</summary>
internal sealed class DeviceContext : IDisposable
{
    private readonly TaskCompletionSource<DeviceExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventFd _wake = new();
    private long _armedDeadline = Instant.Never.Nanoseconds;

    internal DeviceContext(TunDevice tun)
    {
        Tun = tun;
        Tunnel = new Tunnel(new SystemEntropy());
        Sockets = new DatagramSockets(this);
    }

    /// <summary>The protocol.</summary>
    internal Tunnel Tunnel { get; }

    /// <summary>The interface.</summary>
    internal TunDevice Tun { get; }

    /// <summary>The UDP sockets.</summary>
    internal DatagramSockets Sockets { get; }

    /// <summary>Handshake messages that wait.</summary>
    internal HandshakeQueue Handshakes { get; } = new();

    /// <summary>Set when the control thread has to look at <see cref="Tunnel.NextDeadline"/> again.</summary>
    internal EventFd Wake => _wake;

    /// <summary>Completes when the device has come to its end by itself.</summary>
    internal Task<DeviceExit> Exit => _exit.Task;

    /// <summary>The deadline that the control thread sleeps until.</summary>
    internal Instant ArmedDeadline
    {
        get => new(Volatile.Read(ref _armedDeadline));
        set => Volatile.Write(ref _armedDeadline, value.Nanoseconds);
    }

    /// <summary>Call after a verb of the tunnel: wakes the control thread if a deadline has come that is earlier than it knows.</summary>
    internal void WakeForDeadline()
    {
        if (Tunnel.NextDeadline < ArmedDeadline)
        {
            _wake.Set();
        }
    }

    /// <summary>The interface was deleted.</summary>
    internal void InterfaceIsGone() => _exit.TrySetResult(new DeviceExit(DeviceExitReason.InterfaceDeleted, null));

    /// <summary>The control socket was unlinked.</summary>
    internal void ControlSocketIsGone() => _exit.TrySetResult(new DeviceExit(DeviceExitReason.ControlSocketUnlinked, null));

    /// <summary>A thread has failed: a bug of ours, or the kernel refuses what it must not. The device ends rather than limp.</summary>
    internal void Fail(Exception exception) => _exit.TrySetResult(new DeviceExit(DeviceExitReason.Failed, exception));

    /// <summary>Releases what the threads shared, after they have ended.</summary>
    public void Dispose()
    {
        Sockets.Dispose();
        Tunnel.Dispose();
        Tun.Dispose();
        _wake.Dispose();
        Handshakes.Dispose();
    }
}
