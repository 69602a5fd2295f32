using Chasqui.Compare.Contenders;

namespace Chasqui.Compare.Measures;

/// <summary>How often a daemon wakes up while nothing is sent: context switches of all its threads, the mean of both daemons.</summary>
/// <param name="seconds">How long it is watched.</param>
internal sealed class WakeUps(int seconds) : IMeasure
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly Quantity _rate = new("wakeups", "wake-ups of an idle daemon", "/s", IsMoreBetter: false, Decimals: 1);

    /// <inheritdoc/>
    public string Name => "wakeups";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_rate];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        int[] daemons = [.. contender.Daemons(lab)];
        if (daemons.Length == 0) yield break;
        Thread.Sleep(Settle);
        IReadOnlyDictionary<string, double>[] before = [.. daemons.Select(ProcessFigures.Switches)];
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        double total = daemons.Zip(before, (pid, then) => Since(then, ProcessFigures.Switches(pid))).Sum();
        yield return new Figure(_rate, total / daemons.Length / seconds);
    }

    /// <summary>What has been added, thread by thread; a thread that was not there began at zero.</summary>
    public static double Since(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) =>
        after.Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key));
}
