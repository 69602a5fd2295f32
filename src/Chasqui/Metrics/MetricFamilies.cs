using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Device;
using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;

namespace Chasqui.Metrics;

/// <summary>Every metric, as a table. Names and labels stay: dashboards and alerts are made of them.</summary>
/// <remarks>
/// Labels are what the owner wrote (interface, name and key of a peer) or an enum's words: nothing that comes from the network ever is one.
/// Source of the names: prometheus.io/docs/practices/naming.
/// </remarks>
internal static partial class MetricFamilies
{
    /// <summary>The metrics, in the order in which they are written.</summary>
    internal static IReadOnlyList<MetricFamily> All { get; } = [.. OfInterfaces(), .. OfThreads(), .. OfPeers()];

    private static IEnumerable<MetricFamily> OfInterfaces() =>
    [
        Gauge("interface_up", null, "Whether the interface is up.", static status => status.IsUp ? 1 : 0),
        Gauge("interface_mtu_bytes", "bytes", "MTU of the interface.", static status => status.Mtu),
        Gauge("interface_under_load", null, "Whether senders of handshakes are asked for a cookie.", static status => status.IsUnderLoad ? 1 : 0),
        Gauge("peers", null, "Peers of the interface.", static status => status.Peers.Count),
        Gauge("peers_with_session", null, "Peers with a session that sends.", static status => status.Peers.Count(static peer => peer.SessionAge is not null)),
        new("dropped_packets", MetricKind.Counter, null, "Packets that went no further, by reason.", static (metrics, text) =>
        {
            foreach (DropReason reason in Enum.GetValues<DropReason>().Where(static reason => reason != DropReason.None))
            {
                // All from the start: a counter that appears with its first drop hides it from rate().
                text.Sample($"{metrics.Labels},{OfReason(reason)}", metrics.Status.Drops.GetValueOrDefault(reason));
            }
        }),
        new("events", MetricKind.Counter, null, "What happened, by kind; drops are counted by themselves.", static (metrics, text) =>
        {
            foreach (TunnelEventKind kind in Enum.GetValues<TunnelEventKind>().Where(static kind => kind != TunnelEventKind.Dropped))
            {
                string label = MetricsText.Label("kind", MetricsWords.Of(kind));
                text.Sample($"{metrics.Labels},{label}", metrics.Status.EventCounts.GetValueOrDefault(kind));
            }
        }),
    ];

    private static IEnumerable<MetricFamily> OfThreads() =>
    [
        Gauge("queued_handshakes", "Handshake messages that wait to be computed.", static figures => figures.QueuedHandshakes),
        Gauge("lanes", "Queues of the interface, each with threads of its own.", static figures => figures.Lanes),
        Gauge("workers", "Threads that help the others under load.", static figures => figures.Workers),
        Counter("tun_read_batches", null, "Reads of the interface, each until it was empty or there was enough.", static figures => figures.Interface.Batches),
        Counter("tun_read_frames", null, "Frames read from the interface: packets, or super-packets of one flow.", static figures => figures.Interface.Items),
        Counter("tun_read_bytes", "bytes", "Bytes of these frames.", static figures => figures.Interface.Bytes),
        Counter("udp_sent_batches", null, "Batches of data messages sent, each to one peer.", static figures => figures.Sent.Batches),
        Counter("udp_sent_datagrams", null, "Data messages in these batches.", static figures => figures.Sent.Items),
        Counter("udp_sent_bytes", "bytes", "Bytes of these data messages.", static figures => figures.Sent.Bytes),
        Counter("udp_received_batches", null, "Receives of the UDP sockets.", static figures => figures.Received.Batches),
        Counter("udp_received_datagrams", null, "Datagrams received, of any kind.", static figures => figures.Received.Items),
        Counter("udp_received_bytes", "bytes", "Bytes of these datagrams.", static figures => figures.Received.Bytes),
        new("offload_enabled", MetricKind.Gauge, null, "Whether the kernel does this work for us, or joins it.", static (metrics, text) =>
        {
            if (metrics.Figures is { } figures)
            {
                WriteOffloads(metrics.Labels, figures, text);
            }
        }),
    ];

    private static void WriteOffloads(string labels, DeviceFigures figures, MetricsText text)
    {
        Offload("tun_checksum", (figures.TunOffloads & TunOffloads.Checksum) != 0);
        Offload("tun_tso4", (figures.TunOffloads & TunOffloads.Tso4) != 0);
        Offload("tun_tso6", (figures.TunOffloads & TunOffloads.Tso6) != 0);
        Offload("tun_uso4", (figures.TunOffloads & TunOffloads.Uso4) != 0);
        Offload("tun_uso6", (figures.TunOffloads & TunOffloads.Uso6) != 0);
        if (figures.UdpOffloads is { } udp)
        {
            Offload("udp_segmentation", udp.Segmentation == UdpOffloadState.On);
            Offload("udp_coalescing", udp.Coalescing == UdpOffloadState.On);
        }

        void Offload(string name, bool isOn) => text.Sample($"{labels},{MetricsText.Label("offload", name)}", isOn ? 1 : 0);
    }

    private static string OfReason(DropReason reason) => MetricsText.Label("reason", MetricsWords.Of(reason));

    private static MetricFamily Gauge(string name, string? unit, string help, Func<TunnelStatus, decimal?> value) =>
        new(name, MetricKind.Gauge, unit, help, (metrics, text) => text.Sample(metrics.Labels, value(metrics.Status)));

    private static MetricFamily Gauge(string name, string help, Func<DeviceFigures, decimal?> value) => Figure(name, MetricKind.Gauge, null, help, value);

    private static MetricFamily Counter(string name, string? unit, string help, Func<DeviceFigures, decimal?> value) =>
        Figure(name, MetricKind.Counter, unit, help, value);

    private static MetricFamily Figure(string name, MetricKind kind, string? unit, string help, Func<DeviceFigures, decimal?> value) =>
        new(name, kind, unit, help, (metrics, text) => text.Sample(metrics.Labels, metrics.Figures is { } figures ? value(figures) : null));
}
