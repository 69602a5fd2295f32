using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>What a device's threads share.</summary>
internal sealed class DeviceContext : IDisposable
{
    private readonly TaskCompletionSource<DeviceExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _armedDeadline = Instant.Never.Nanoseconds;

    /// <summary>Owns <paramref name="tun"/> once it has returned.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    internal DeviceContext(TunDevice tun, int workers, PrivilegedSockets? privileged)
    {
        Home = new HomeNamespace();
        Privileged = privileged ?? PrivilegedSockets.Open();
        Wake = new EventFd();
        Secrets = new SecretPages();
        Tunnel = new Tunnel(new SystemEntropy(), Secrets);
        Sockets = new DatagramSockets(Tunnel.Journal);
        Tun = tun;
        Workers = new PipelineWorkers(workers, Fail);
        Batches = new BatchCounters(tun.Queues.Count);
    }

    /// <summary>Where the sockets are.</summary>
    internal HomeNamespace Home { get; }

    /// <summary>What it took privileges to open.</summary>
    internal PrivilegedSockets Privileged { get; }

    /// <summary>What keeps the pages of keys out of the swap.</summary>
    internal SecretPages Secrets { get; }

    /// <summary>The protocol.</summary>
    internal Tunnel Tunnel { get; }

    /// <summary>The interface.</summary>
    internal TunDevice Tun { get; }

    /// <summary>How many threads read the interface, and how many each family's sockets: one for each queue of the interface.</summary>
    internal int Lanes => Tun.Queues.Count;

    /// <summary>The UDP sockets.</summary>
    internal DatagramSockets Sockets { get; }

    /// <summary>Who helps the threads that read.</summary>
    internal PipelineWorkers Workers { get; }

    /// <summary>What the threads have moved, in batches.</summary>
    internal BatchCounters Batches { get; }

    /// <summary>Handshake messages that wait.</summary>
    internal HandshakeQueue Handshakes { get; } = new();

    /// <summary>Set when the control thread has to look at <see cref="Tunnel.NextDeadline"/> again.</summary>
    internal EventFd Wake { get; }

    /// <summary>Completes when the device has come to its end by itself.</summary>
    internal Task<DeviceExit> Exit => _exit.Task;

    /// <summary>Call after a verb of the tunnel: wakes the control thread if a deadline has come that is earlier than it knows.</summary>
    internal void WakeForDeadline()
    {
        // ORDER: the verb published its deadline under a lock whose release is a full fence; see Arm.
        if (Tunnel.NextDeadline.Nanoseconds < Volatile.Read(ref _armedDeadline))
        {
            Wake.Set();
        }
    }

    /// <summary>Called by the control thread before it sleeps: from here on it is woken for anything earlier than what this returns.</summary>
    internal Instant Arm()
    {
        Instant deadline;
        do
        {
            deadline = Tunnel.NextDeadline;

            // ORDER: the store must be seen before the next load, or a deadline published in between would wake nobody.
            _ = Interlocked.Exchange(ref _armedDeadline, deadline.Nanoseconds);
        }
        while (Tunnel.NextDeadline < deadline);

        return deadline;
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
        Workers.Dispose();
        Tunnel.Dispose();
        Tun.Dispose();
        Wake.Dispose();
        Privileged.Dispose();
        Home.Dispose();
    }
}
