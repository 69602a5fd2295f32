using Chasqui.Compare.Contenders;
using Chasqui.Compare.Measures;

namespace Chasqui.Compare;

/// <summary>Who is measured and how: the lists to add to.</summary>
internal static class Catalog
{
    /// <summary>Which of our binaries it is, where there are several for a processor.</summary>
    private static string Flavour { get; } =
        Environment.GetEnvironmentVariable("CHASQUI_FLAVOUR") is { Length: > 0 } flavour ? $", the binary of the flavour {flavour}" : "";

    // In no table and no whole run: it is there only where it is asked for.
    private static IEnumerable<IContender> Uncounted => Given("CHASQUI_UNCOUNTED") is string path
        ? [new UserspaceWireGuard(DiagnosticsContenders[1], path, $"no counters and no events, in the bench alone{Flavour}")]
        : [];

    /// <summary>All contenders, in the order of the tables.</summary>
    public static IReadOnlyList<IContender> Contenders { get; } =
    [
        .. Uncounted,
        new UserspaceWireGuard("chasqui", Given("CHASQUI"), $"ChaCha20-Poly1305{Flavour}"),
        new UserspaceWireGuard("wireguard-go", Given("WIREGUARD_GO"), "ChaCha20-Poly1305"),
        new OpenVpn("openvpn-chacha", "CHACHA20-POLY1305"),
        new OpenVpn("openvpn-aes", "AES-256-GCM"),
        new StrongSwan("strongswan-chacha", "chacha20poly1305"),
        new StrongSwan("strongswan-aes", "aes256gcm16"),
        new KernelWireGuard(),
        new KernelIpsec("ipsec-chacha", "rfc7539esp(chacha20,poly1305)", 36),
        new KernelIpsec("ipsec-aes", "rfc4106(gcm(aes))", 36),
        new UserspaceWireGuard("chasqui-null", Given("CHASQUI_NULL"), $"no cipher, in the bench alone: the ceiling{Flavour}"),
        new RawLink(),
    ];

    /// <summary>All measures, in the order in which they are taken: what wants an untouched daemon first, what wants a used one last.</summary>
    public static IReadOnlyList<IMeasure> Measures(Options options)
    {
        int seconds = options.Duration;
        return
        [
            new WakeUps(5),
            new PingLatency(isLoaded: false, 400),
            new TcpThroughput(1, seconds),
            new TcpThroughput(4, seconds),
            new TcpThroughput(32, seconds),
            new UdpGoodput(new IperfUdp(1), 1340, 8),
            new UdpGoodput(new IperfUdp(1), 120, 8),
            new UdpGoodput(new BatchedUdp(800), 1340, 10),
            new UdpGoodput(new BatchedUdp(800), 120, 10),
            new PingLatency(isLoaded: true, 600),
            new ConnectionRate(1, 2),
            new ConnectionRate(32, 2),
            new PeakMemory(),
            new HandshakeRate(),
        ];
    }

    /// <summary>What fits into two minutes with two contenders.</summary>
    public static IReadOnlyList<IMeasure> QuickMeasures(Options options) =>
    [
        new PingLatency(isLoaded: false, 300),
        new TcpThroughput(1, options.Duration),
        new UdpGoodput(new BatchedUdp(500), 120, 8),
        new PingLatency(isLoaded: true, 400),
        new PeakMemory(),
    ];

    /// <summary>The contenders of a quick run.</summary>
    public static IReadOnlyList<string> QuickContenders { get; } = ["chasqui", "wireguard-go"];

    /// <summary>What counters and events cost: ours, and ours without.</summary>
    public static IReadOnlyList<string> DiagnosticsContenders => ["chasqui", "chasqui-uncounted"];

    /// <summary>What they could slow down.</summary>
    public static IReadOnlyList<IMeasure> DiagnosticsMeasures(Options options) =>
    [
        new PingLatency(isLoaded: false, 400),
        new TcpThroughput(1, options.Duration),
        new UdpGoodput(new BatchedUdp(800), 120, 10),
        new PingLatency(isLoaded: true, 600),
    ];

    private static string? Given(string variable)
    {
        string? path = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(path) || !File.Exists(path) ? null : path;
    }
}
