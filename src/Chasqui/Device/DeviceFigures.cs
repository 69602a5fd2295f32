using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>What a device's threads, queues and offloads are like at one moment: what <see cref="Core.TunnelStatus"/>, which knows no machine, leaves out.</summary>
internal sealed record DeviceFigures
{
    /// <summary>Reads of the interface until it was empty or there was enough, and the frames that they gave.</summary>
    internal required BatchFigures Interface { get; init; }

    /// <summary>Batches of datagrams sent to one peer each, and the datagrams.</summary>
    internal required BatchFigures Sent { get; init; }

    /// <summary>Receives of the UDP sockets, and the datagrams.</summary>
    internal required BatchFigures Received { get; init; }

    /// <summary>Handshake messages that wait.</summary>
    internal required int QueuedHandshakes { get; init; }

    /// <summary>Queues of the interface.</summary>
    internal required int Lanes { get; init; }

    /// <summary>Threads that help under load.</summary>
    internal required int Workers { get; init; }

    /// <summary>What the interface leaves to us.</summary>
    internal required TunOffloads TunOffloads { get; init; }

    /// <summary>What the IPv4 socket leaves to the kernel; null while there is none.</summary>
    internal required UdpOffloads? UdpOffloads { get; init; }
}
