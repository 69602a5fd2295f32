using System.Globalization;
using Chasqui.Core;

namespace Chasqui.Cli.Commands.Live;

/// <summary>Rates, ages and states in as few letters as they take.</summary>
internal static class WatchWords
{
    /// <summary>What stands where nothing is known.</summary>
    internal const string Unknown = "-";

    private const string Bars = "▁▂▃▄▅▆▇█", PlainBars = "_.:-=+*#";
    private static readonly string[] RateUnits = ["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s"];

    /// <summary>Bytes a second in bits a second, as network people count: <c>1.25 Mb/s</c>.</summary>
    internal static string Rate(double bytesPerSecond)
    {
        double value = bytesPerSecond * 8;
        int unit = 0;
        while (value >= 999.5 && unit < RateUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        string format = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + RateUnits[unit];
    }

    /// <summary>A duration in its two largest units: <c>12s</c>, <c>3m05s</c>, <c>2h07m</c>, <c>4d11h</c>.</summary>
    internal static string Age(TimeSpan age)
    {
        TimeSpan time = age < TimeSpan.Zero ? TimeSpan.Zero : age;
        return time switch
        {
            { TotalMinutes: < 1 } => Make($"{time.Seconds}s"),
            { TotalHours: < 1 } => Make($"{time.Minutes}m{time.Seconds:00}s"),
            { TotalDays: < 1 } => Make($"{time.Hours}h{time.Minutes:00}m"),
            _ => Make($"{(int)time.TotalDays}d{time.Hours:00}h"),
        };
    }

    /// <summary>A round trip: <c>0.24 ms</c>, <c>12 ms</c>.</summary>
    internal static string RoundTrip(TimeSpan? time) => time is not { } known ? Unknown
        : known.TotalMilliseconds < 10 ? Make($"{known.TotalMilliseconds:0.00} ms")
        : Make($"{known.TotalMilliseconds:0} ms");

    /// <summary>Loss in the session in use: <c>0.0 %</c>.</summary>
    internal static string Loss(PeerStatus peer)
    {
        double sent = (double)peer.SessionPackets + peer.SessionPacketsMissing;
        return sent == 0 ? Unknown : Make($"{100 * peer.SessionPacketsMissing / sent:0.0} %");
    }

    /// <summary>How a peer is doing: <c>up 12s</c> with the age of its handshake, <c>no answer 3</c>, <c>idle 5m10s</c>, <c>never</c>.</summary>
    internal static string State(TunnelStatus status, PeerStatus peer)
    {
        TimeSpan? sinceHandshake = peer.LastHandshakeUnixNanoseconds == 0
            ? null : new TimeSpan((status.UnixNanoseconds - peer.LastHandshakeUnixNanoseconds) / TimeSpan.NanosecondsPerTick);
        return !status.IsUp ? "down"
            : IsTroubled(peer) ? Make($"no answer {Math.Max(peer.HandshakeAttempts, 1)}")
            : peer.UnconfirmedResponses > 1 ? Make($"not taken {peer.UnconfirmedResponses}")
            : sinceHandshake is not { } age ? peer.Endpoint.IsNone ? "no endpoint" : "never"
            : peer.SessionAge is null ? $"idle {Age(age)}"
            : $"up {Age(age)}";
    }

    /// <summary>Whether the peer is asked and does not answer, or answers what it does not take.</summary>
    internal static bool IsTroubled(PeerStatus peer) => peer is { IsHandshaking: true, HandshakeAttempts: > 0 };

    /// <summary>The last values as bars, the highest of them full; as long as <paramref name="width"/>.</summary>
    internal static string Spark(ReadOnlySpan<double> values, int width, bool isUnicode)
    {
        ReadOnlySpan<double> shown = values[Math.Max(0, values.Length - width)..];
        double most = 0;
        foreach (double value in shown)
        {
            most = Math.Max(most, value);
        }

        var bars = new char[width];
        Array.Fill(bars, ' ');
        string levels = isUnicode ? Bars : PlainBars;
        for (int i = 0; i < shown.Length; i++)
        {
            int level = most > 0 ? (int)Math.Ceiling(shown[i] / most * (levels.Length - 1)) : 0;
            bars[width - shown.Length + i] = levels[level];
        }

        return new string(bars);
    }

    private static string Make(FormattableString text) => FormattableString.Invariant(text);
}
