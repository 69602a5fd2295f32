using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>
/// TCP goodput as iperf3's receiver sees it: one stream each way, or several from right to left. With the single streams comes
/// the processor time that both daemons took for them.
/// </summary>
/// <param name="streams">How many at once.</param>
/// <param name="seconds">Of one transfer.</param>
internal sealed class TcpThroughput(int streams, int seconds) : IMeasure
{
    private readonly Quantity _there = new($"tcp.{streams}", $"TCP, {Words(streams)}, right to left", "Gbit/s", IsMoreBetter: true, Decimals: 2);
    private readonly Quantity _back = new($"tcp.{streams}.back", $"TCP, {Words(streams)}, left to right", "Gbit/s", IsMoreBetter: true, Decimals: 2);

    private readonly Quantity _cpu = new("cpu", "CPU of both daemons", "s/GB", IsMoreBetter: false, Decimals: 2);

    /// <inheritdoc/>
    public string Name => $"tcp{streams}";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => streams == 1 ? [_there, _back, _cpu] : [_there];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        int[] daemons = [.. contender.Daemons(lab)];
        double before = daemons.Sum(ProcessFigures.CpuSeconds);
        IperfResult there = Transfer(lab, End.Right);
        yield return new Figure(_there, there.Gigabits);
        if (streams > 1) yield break;
        IperfResult back = Transfer(lab, End.Left);
        yield return new Figure(_back, back.Gigabits);
        if (daemons.Length == 0) yield break;
        yield return new Figure(_cpu, (daemons.Sum(ProcessFigures.CpuSeconds) - before) / ((there.Bytes + back.Bytes) / 1e9));
    }

    private IperfResult Transfer(Lab lab, End from) => Iperf.Transfer(lab, from, seconds, "--parallel", $"{streams}");

    private static string Words(int streams) => streams == 1 ? "one stream" : $"{streams} streams";
}
