using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>TCP goodput as iperf3's receiver sees it: one stream each way, or several from right to left.</summary>
/// <param name="streams">How many at once.</param>
/// <param name="seconds">Of one transfer.</param>
internal sealed class TcpThroughput(int streams, int seconds) : IMeasure
{
    private readonly Quantity _there = new($"tcp.{streams}", $"TCP, {Words(streams)}, right to left", "Gbit/s", IsMoreBetter: true, Decimals: 2);
    private readonly Quantity _back = new($"tcp.{streams}.back", $"TCP, {Words(streams)}, left to right", "Gbit/s", IsMoreBetter: true, Decimals: 2);

    /// <inheritdoc/>
    public string Name => $"tcp{streams}";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => streams == 1 ? [_there, _back] : [_there];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        yield return new Figure(_there, Transfer(lab, End.Right));
        if (streams == 1) yield return new Figure(_back, Transfer(lab, End.Left));
    }

    private double Transfer(Lab lab, End from) => Iperf.Transfer(lab, from, seconds, "--parallel", $"{streams}").Gigabits;

    private static string Words(int streams) => streams == 1 ? "one stream" : $"{streams} streams";
}
