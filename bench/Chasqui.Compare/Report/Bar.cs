using System.Globalization;

namespace Chasqui.Compare.Report;

/// <summary>Something that Chasqui is to reach: a ratio of medians in one run, or a value.</summary>
/// <param name="Title">What, against whom.</param>
/// <param name="Key">The quantity.</param>
/// <param name="Against">The contender whose median ours is divided by; null for the value itself.</param>
/// <param name="AtLeast">What must be reached.</param>
/// <param name="Aim">What is hoped for.</param>
/// <param name="IsMoreBetter">Whether more than that is better, or less.</param>
internal sealed record Bar(string Title, string Key, string? Against, double AtLeast, double Aim, bool IsMoreBetter)
{
    private const string Other = "wireguard-go", Us = "chasqui", Ceiling = "chasqui-null";

    /// <summary>The project's bars, in the order in which they were set.</summary>
    public static IReadOnlyList<Bar> All { get; } =
    [
        More("TCP, one stream, right to left", "tcp.1", Other, 2, 3),
        More("TCP, one stream, left to right", "tcp.1.back", Other, 2, 3),
        More("TCP, 4 streams", "tcp.4", Other, 2, 3),
        More("UDP, 120 bytes, in batches, no loss", "udp.120.batched", Other, 2.5, 4),
        More("UDP, 120 bytes, one by one, no loss", "udp.120", Other, 2.5, 4),
        More("UDP, 1,340 bytes, in batches, no loss", "udp.1340.batched", Other, 2.5, 4),
        More("UDP, 1,340 bytes, one by one, no loss", "udp.1340", Other, 2.5, 4),
        Less("ping, idle, median", "ping.idle.p50", Other, 0.9, 0.7),
        Less("ping beside a TCP stream, median", "ping.load.p50", Other, 0.5, 0.2),
        Less("ping beside a TCP stream, 99th percentile", "ping.load.p99", Other, 0.5, 0.2),
        Less("CPU of both daemons for a GB", "cpu", Other, 0.5, 0.33),
        Less("peak memory of a daemon, MB", "memory", null, 30, 20),
        More("share of the ceiling without a cipher, TCP", "tcp.1", Ceiling, 0.55, 0.7),
        More("handshakes answered a second, one core", "handshakes", Other, 1, 1.5),
        More("TCP against OpenVPN, ChaCha20-Poly1305", "tcp.1", "openvpn-chacha", 6, 10),
        More("TCP against OpenVPN, AES-256-GCM", "tcp.1", "openvpn-aes", 6, 10),
        More("TCP against userspace IPsec, ChaCha20-Poly1305", "tcp.1", "strongswan-chacha", 6, 10),
        More("TCP against userspace IPsec, AES-256-GCM", "tcp.1", "strongswan-aes", 6, 10),
    ];

    /// <summary>What was reached; null if it was not measured.</summary>
    public double? Reached(Results results) => Against is null ? results.Median(Us, Key) : results.Ratio(Us, Against, Key);

    /// <summary>"aim met", "met", "not met" or "not measured".</summary>
    public string Verdict(Results results) => Reached(results) is not double value ? "not measured"
        : IsBetter(value, Aim) ? "aim met"
        : IsBetter(value, AtLeast) ? "met"
        : "**not met**";

    /// <summary>A number of this bar with its sign: "2.0x", or "30 MB".</summary>
    public string Words(double value) =>
        Against is null ? value.ToString("0.#", CultureInfo.InvariantCulture) : value.ToString("0.00", CultureInfo.InvariantCulture) + "x";

    private bool IsBetter(double value, double bar) => IsMoreBetter ? value >= bar : value <= bar;

    private static Bar More(string title, string key, string? against, double atLeast, double aim) => new(title, key, against, atLeast, aim, true);

    private static Bar Less(string title, string key, string? against, double atLeast, double aim) => new(title, key, against, atLeast, aim, false);
}
