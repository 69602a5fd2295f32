using System.Globalization;
using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>UDP from right to left, datagrams of one size: the highest rate at which at most 0.1 % is lost, by search.</summary>
/// <param name="sender">How they are sent and counted.</param>
/// <param name="payload">Bytes in a datagram.</param>
/// <param name="mostProbes">Of one search.</param>
internal sealed class UdpGoodput(IUdpSender sender, int payload, int mostProbes) : IMeasure
{
    private const double FirstPackets = 20_000; // a second; any contender passes this, or is found below it
    private const double Dark = 2, Near = 1.15, Step = 0.06;

    private readonly Dictionary<string, double> _lastRates = [];
    private readonly Quantity _goodput = Make(sender, payload, "", "Gbit/s", isMoreBetter: true, payload < 500 ? 3 : 2);
    private readonly Quantity _step = Make(sender, payload, ".step", "% up to the next rate that lost", isMoreBetter: false, 0);
    private readonly Quantity _limited = Make(sender, payload, ".limited", "(1: the sender was the limit)", isMoreBetter: false, 0);

    /// <inheritdoc/>
    public string Name => $"udp{payload}{sender.Suffix.Replace('.', '-')}";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_goodput, _step, _limited];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        bool isKnown = _lastRates.TryGetValue(contender.Name, out double start);
        if (!isKnown) start = FirstPackets * payload * 8;
        using IDisposable receiver = sender.Listen(lab, payload);
        FoundRate found = RateSearch.Find(start, isKnown ? Near : Dark, Step, mostProbes, rate => sender.Send(lab, payload, rate));
        if (found.Goodput == 0) throw new LabException($"more than 0.1 % was lost at every rate tried, down from {start / 1e6:F0} Mbit/s");
        _lastRates[contender.Name] = found.Rate;
        yield return new Figure(_goodput, found.Goodput / 1e9);
        if (double.IsFinite(found.Step)) yield return new Figure(_step, found.Step * 100);
        yield return new Figure(_limited, found.IsSenderLimited ? 1 : 0);
    }

    private static Quantity Make(IUdpSender sender, int payload, string key, string unit, bool isMoreBetter, int decimals) => new(
        $"udp.{payload}{sender.Suffix}{key}",
        $"UDP, {payload.ToString("N0", CultureInfo.InvariantCulture)} bytes, {sender.Words}, no loss",
        unit,
        isMoreBetter,
        decimals);
}
