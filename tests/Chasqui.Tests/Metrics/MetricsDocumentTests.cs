using System.Buffers;
using System.Text;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;
using Chasqui.Metrics;
using Chasqui.Tests.Device;
using Chasqui.Tests.Documents;

namespace Chasqui.Tests.Metrics;

/// <summary>The text of metrics, read by a strict reader of our own.</summary>
public sealed class MetricsDocumentTests
{
    private static readonly PublicKey Phone = TestDevice.SomeKey(1), Stranger = TestDevice.SomeKey(2);

    [Fact]
    public void EveryFigureOfAPeerIsThere()
    {
        MetricsReader read = Read(Some("wg0"));
        string phone = $"peer=\"phone\",public_key=\"{Phone}\"";

        Assert.Equal(ulong.MaxValue, read.Value("chasqui_peer_received_bytes_total", phone));
        Assert.Equal(2000, read.Value("chasqui_peer_sent_bytes_total", phone));
        Assert.Equal(30, read.Value("chasqui_peer_received_packets_total", phone));
        Assert.Equal(40, read.Value("chasqui_peer_sent_packets_total", phone));
        Assert.Equal(5, read.Value("chasqui_peer_handshakes_total", phone));
        Assert.Equal(1_700_000_000.25m, read.Value("chasqui_peer_last_handshake_timestamp_seconds", phone));
        Assert.Equal(1_700_000_097.5m, read.Value("chasqui_peer_last_received_timestamp_seconds", phone));
        Assert.Equal(0.0125m, read.Value("chasqui_peer_handshake_rtt_seconds", phone));
        Assert.Equal(0.01m, read.Value("chasqui_peer_loss_ratio", phone));
        Assert.Equal(1, read.Value("chasqui_peer_session_active", phone));
        Assert.Equal(3, read.Value("chasqui_peer_staged_packets", phone));
        Assert.Equal(7, read.Value("chasqui_peer_dropped_packets_total", phone, "reason=\"source_not_allowed\""));
    }

    [Fact]
    public void WhatIsNotKnownIsAbsentAndNotZero()
    {
        MetricsReader read = Read(Some("wg0"));
        string[] stranger = [.. read.Samples.Keys.Where(name => name.Contains(Stranger.ToString(), StringComparison.Ordinal))];

        Assert.Contains(stranger, name => name.StartsWith("chasqui_peer_received_bytes_total{", StringComparison.Ordinal));
        Assert.DoesNotContain(stranger, name => name.Contains("_seconds", StringComparison.Ordinal) || name.Contains("loss", StringComparison.Ordinal));
    }

    [Fact]
    public void APeerWithoutANameIsCalledByItsKeyAsInTheKernelsMessages()
    {
        string key = Stranger.ToString();

        Assert.Equal(0, Read(Some("wg0")).Value("chasqui_peer_session_active", $"peer=\"{key[..4]}…{key[39..43]}\",public_key=\"{key}\""));
    }

    [Fact]
    public void EveryReasonAndEveryKindIsThereFromTheStart()
    {
        MetricsReader read = Read(Some("wg0"));

        Assert.Equal(
            Enum.GetValues<DropReason>().Length - 1,
            read.Samples.Keys.Count(name => name.StartsWith("chasqui_dropped_packets_total{", StringComparison.Ordinal)));
        Assert.Equal(11, read.Value("chasqui_dropped_packets_total", "reason=\"invalid_mac1\""));
        Assert.Equal(0, read.Value("chasqui_dropped_packets_total", "reason=\"unknown_peer\""));
        Assert.Equal(6, read.Value("chasqui_events_total", "kind=\"handshake_completed\""));
        Assert.Equal(0, read.Value("chasqui_events_total", "kind=\"peer_roamed\""));
    }

    [Fact]
    public void QueuesBatchesAndOffloadsAreThoseOfTheDevice()
    {
        MetricsReader read = Read(Some("wg0"));

        Assert.Equal((3, 9, 1000), (
            read.Value("chasqui_tun_read_batches_total"), read.Value("chasqui_tun_read_frames_total"), read.Value("chasqui_tun_read_bytes_total")));
        Assert.Equal(4, read.Value("chasqui_queued_handshakes"));
        Assert.Equal(1, read.Value("chasqui_offload_enabled", "offload=\"tun_tso4\""));
        Assert.Equal(0, read.Value("chasqui_offload_enabled", "offload=\"tun_uso4\""));
        Assert.Equal(0, read.Value("chasqui_offload_enabled", "offload=\"udp_coalescing\""));
    }

    [Fact]
    public void OfAnotherProcesssInterfaceItsFiguresAreLeftOut()
    {
        var there = new InterfaceMetrics { Name = "wg0", Status = new TunnelStatus() };

        MetricsReader read = Read(there);

        Assert.DoesNotContain(read.Types.Keys, name => name.Contains("offload", StringComparison.Ordinal) || name.Contains("udp", StringComparison.Ordinal));
        Assert.Equal(0, read.Value("chasqui_interface_up"));
    }

    [Fact]
    public void SeveralInterfacesShareTheirMetrics()
    {
        MetricsReader read = Read(Some("wg0"), Some("wg1"));

        Assert.Equal(2, read.Value("chasqui_peers", "interface=\"wg0\""));
        Assert.Equal(2, read.Value("chasqui_peers", "interface=\"wg1\""));
    }

    [Fact]
    public void ANameCannotLeaveItsQuotes()
    {
        var metrics = new InterfaceMetrics
        {
            Name = "a\"}\n#",
            Status = Some("").Status,
            PeerNames = new Dictionary<PublicKey, string> { [Phone] = "back\\slash \"x\"\n" + new string('n', 500) },
        };

        MetricsReader read = Read(metrics);

        Assert.Equal(2000, read.Value("chasqui_peer_sent_bytes_total", "interface=\"a\\\"}\\n#\"", "peer=\"back\\\\slash \\\"x\\\"\\nnnn"));
        Assert.All(read.Samples.Keys, name => Assert.True(name.Length < 400, name));
    }

    [Fact]
    public void ThereIsABoundToThePeersThatAreTold()
    {
        PeerStatus[] peers = [.. Enumerable.Range(0, InterfaceMetrics.MaxPeers + 5).Select(i => new PeerStatus { PublicKey = Key(i) })];

        MetricsReader read = Read(new InterfaceMetrics { Name = "wg0", Status = new TunnelStatus { Peers = peers } });

        Assert.Equal(peers.Length, read.Value("chasqui_peers"));
        Assert.Equal(
            InterfaceMetrics.MaxPeers, read.Samples.Keys.Count(name => name.StartsWith("chasqui_peer_received_bytes_total{", StringComparison.Ordinal)));

        static PublicKey Key(int number)
        {
            byte[] bytes = new byte[PublicKey.Length];
            BitConverter.TryWriteBytes(bytes, number);
            return new PublicKey(bytes);
        }
    }

    /// <summary>In the older text the type has the sample's own name, and there is no end.</summary>
    [Fact]
    public void NodeExportersTextNamesTheSamplesThemselves()
    {
        string text = Write(MetricsFormat.Prometheus, Some("wg0"));

        Assert.Contains("\n# TYPE chasqui_peer_sent_bytes_total counter\n# HELP chasqui_peer_sent_bytes_total ", text);
        Assert.DoesNotContain("# EOF", text);
        Assert.DoesNotContain("# UNIT", text);
    }

    /// <summary>The documentation has a row for each metric, in the same words.</summary>
    [Fact]
    public void EveryMetricIsDocumented()
    {
        string document = File.ReadAllText(Document.Path("metrics.md"));

        foreach (MetricFamily family in MetricFamilies.All)
        {
            string name = $"chasqui_{family.Name}{(family.Kind == MetricKind.Counter ? "_total" : "")}";
            Assert.Contains($"| `{name}` |", document);
            Assert.Contains($"| {family.Help} |", document);
        }
    }

    /// <summary>Panels of the dashboard ask for metrics that there are.</summary>
    [Fact]
    public void TheDashboardAsksForMetricsThatThereAre()
    {
        string dashboard = File.ReadAllText(Path.Combine(Document.Root, "packaging", "grafana", "chasqui.json"));
        HashSet<string> names = [.. MetricFamilies.All.Select(family => $"chasqui_{family.Name}{(family.Kind == MetricKind.Counter ? "_total" : "")}")];

        string[] asked = [.. System.Text.RegularExpressions.Regex.Matches(dashboard, "chasqui_[a-z0-9_]+").Select(match => match.Value).Distinct()];

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains(name, names));
        _ = System.Text.Json.JsonDocument.Parse(dashboard);
    }

    private static MetricsReader Read(params InterfaceMetrics[] interfaces) => new(Write(MetricsFormat.OpenMetrics, interfaces));

    private static string Write(MetricsFormat format, params InterfaceMetrics[] interfaces)
    {
        var output = new ArrayBufferWriter<byte>();
        MetricsDocument.Write(interfaces, format, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static InterfaceMetrics Some(string name) => new()
    {
        Name = name,
        PeerNames = new Dictionary<PublicKey, string> { [Phone] = "phone" },
        Status = new TunnelStatus
        {
            UnixNanoseconds = 1_700_000_100_000_000_000,
            IsUp = true,
            Mtu = 1420,
            Drops = new Dictionary<DropReason, long> { [DropReason.InvalidMac1] = 11 },
            EventCounts = new Dictionary<TunnelEventKind, long> { [TunnelEventKind.HandshakeCompleted] = 6 },
            Peers =
            [
                new PeerStatus
                {
                    PublicKey = Phone,
                    ReceivedBytes = ulong.MaxValue,
                    SentBytes = 2000,
                    ReceivedPackets = 30,
                    SentPackets = 40,
                    CompletedHandshakes = 5,
                    LastHandshakeUnixNanoseconds = 1_700_000_000_250_000_000,
                    SinceReceived = TimeSpan.FromSeconds(2.5),
                    SessionAge = TimeSpan.FromSeconds(9),
                    HandshakeRoundTrip = TimeSpan.FromMilliseconds(12.5),
                    SessionPackets = 99,
                    SessionPacketsMissing = 1,
                    StagedPackets = 3,
                    Drops = new Dictionary<DropReason, long> { [DropReason.SourceNotAllowed] = 7 },
                },
                new PeerStatus { PublicKey = Stranger },
            ],
        },
        Figures = new DeviceFigures
        {
            Interface = new BatchFigures(3, 9, 1000),
            Sent = default,
            Received = default,
            QueuedHandshakes = 4,
            Lanes = 1,
            Workers = 0,
            TunOffloads = TunOffloads.Checksum | TunOffloads.Tso4,
            UdpOffloads = new UdpOffloads(UdpOffloadState.On, UdpOffloadState.NotSupported),
        },
    };
}
