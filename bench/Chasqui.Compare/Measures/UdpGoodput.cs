using System.Globalization;
using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>UDP from right to left, datagrams of one size: the highest rate at which at most 0.1 % is lost, by search.</summary>
/// <param name="payload">Bytes in a datagram.</param>
/// <param name="seconds">Of one probe.</param>
/// <param name="mostProbes">Of one search.</param>
internal sealed class UdpGoodput(int payload, int seconds, int mostProbes) : IMeasure
{
    private const double FirstPackets = 20_000; // a second; any contender passes this, or is found below it
    private const double Dark = 2, Near = 1.15, Step = 0.06;

    private readonly Dictionary<string, double> _lastRates = [];
    private readonly Quantity _goodput = new($"udp.{payload}", $"UDP, {Words(payload)} bytes, no loss", "Gbit/s", IsMoreBetter: true, payload < 500 ? 3 : 2);
    private readonly Quantity _step = new($"udp.{payload}.step", $"UDP, {Words(payload)} bytes: gap to the next rate that lost", "%", IsMoreBetter: false, 0);
    private readonly Quantity _limited = new($"udp.{payload}.limited", $"UDP, {Words(payload)} bytes: the sender was the limit", "0 or 1", IsMoreBetter: false, 0);

    /// <inheritdoc/>
    public string Name => $"udp{payload}";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_goodput, _step, _limited];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        bool isKnown = _lastRates.TryGetValue(contender.Name, out double start);
        if (!isKnown) start = FirstPackets * payload * 8;
        FoundRate found = RateSearch.Find(start, isKnown ? Near : Dark, Step, mostProbes, rate => Probe(lab, rate));
        if (found.Goodput == 0) throw new LabException($"more than 0.1 % of UDP was lost at every rate tried, down from {start / 1e6:F0} Mbit/s");
        _lastRates[contender.Name] = found.Rate;
        yield return new Figure(_goodput, found.Goodput / 1e9);
        if (double.IsFinite(found.Step)) yield return new Figure(_step, found.Step * 100);
        yield return new Figure(_limited, found.IsSenderLimited ? 1 : 0);
    }

    private RateProbe Probe(Lab lab, double rate)
    {
        IperfResult result = Iperf.Transfer(
            lab, End.Right, seconds, "--udp", "--length", $"{payload}", "--bitrate", rate.ToString("F0", CultureInfo.InvariantCulture), "--window", $"{Iperf.SocketBuffer}");
        return new RateProbe(result.SentPerSecond * 8, result.Gigabits * 1e9, result.Loss);
    }

    private static string Words(int bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
}
