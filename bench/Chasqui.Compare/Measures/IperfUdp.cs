using System.Globalization;

namespace Chasqui.Compare.Measures;

/// <summary>iperf3: a system call for each datagram at both ends, which is often the limit itself.</summary>
/// <param name="seconds">Of one probe.</param>
internal sealed class IperfUdp(int seconds) : IUdpSender
{
    /// <inheritdoc/>
    public string Suffix => "";

    /// <inheritdoc/>
    public string Words => "one by one";

    /// <inheritdoc/>
    public IDisposable Listen(Lab lab, int payload) => new MemoryStream(0); // iperf3's server serves one probe, and is started for each

    /// <inheritdoc/>
    public RateProbe Send(Lab lab, int payload, double rate)
    {
        string bits = rate.ToString("F0", CultureInfo.InvariantCulture);
        IperfResult result = Iperf.Transfer(
            lab, End.Right, seconds, "--udp", "--length", $"{payload}", "--bitrate", bits, "--window", $"{Iperf.SocketBuffer}");
        return new RateProbe(result.SentPerSecond * 8, result.Gigabits * 1e9, result.Loss);
    }
}
