using System.Globalization;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Report;

namespace Chasqui.Compare.Measures;

/// <summary>
/// Round trips of ping(8) from right to left, one every 5 ms: with nothing else in the tunnel, or beside one TCP stream that
/// goes the same way as the requests.
/// </summary>
/// <param name="isLoaded">Whether the stream runs.</param>
/// <param name="count">How many requests.</param>
internal sealed class PingLatency(bool isLoaded, int count) : IMeasure
{
    private const double Interval = 0.005;
    private const int WarmUp = 5; // answers not counted: neighbours are resolved, caches filled

    private static readonly TimeSpan Ramp = TimeSpan.FromSeconds(0.7); // until the stream is at its speed and queues are what they will be

    private readonly Quantity _median = Make(isLoaded, "p50", "median"), _late = Make(isLoaded, "p99", "99th percentile");
    private readonly Quantity _lost = new($"ping.{State(isLoaded)}.lost", $"ping, {Words(isLoaded)}: without an answer", "%", IsMoreBetter: false, 1);

    /// <inheritdoc/>
    public string Name => $"ping-{State(isLoaded)}";

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => [_median, _late, _lost];

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(Lab lab, IContender contender)
    {
        PingTimes times = isLoaded ? PingBesideStream(lab) : Ping(lab);
        double[] counted = [.. times.Milliseconds.Skip(WarmUp)];
        if (counted.Length < 20) throw new LabException($"ping: {counted.Length} of {count} answers are too few to tell");
        yield return new Figure(_median, Statistics.Percentile(counted, 50));
        yield return new Figure(_late, Statistics.Percentile(counted, 99));
        yield return new Figure(_lost, times.Lost * 100);
    }

    private PingTimes PingBesideStream(Lab lab)
    {
        RunningProgram server = Iperf.StartServer(lab, End.Left);
        RunningProgram client = Iperf.StartClient(lab, End.Right, (int)Math.Ceiling(count * Interval) + 10);
        try
        {
            Thread.Sleep(Ramp);
            PingTimes times = Ping(lab);
            if (client.HasEnded) throw new LabException($"ping under load: the TCP stream has ended. {client.Said}");
            return times;
        }
        finally
        {
            lab.Forget(client);
            lab.Forget(server);
        }
    }

    /// <summary>ping reports a failure when an answer is missing; here that is a result.</summary>
    private PingTimes Ping(Lab lab)
    {
        string[] command =
        [
            "-n", "-c", $"{count + WarmUp}", "-i", Interval.ToString(CultureInfo.InvariantCulture), "-W", "2", Lab.Inner(End.Left),
        ];
        return PingTimes.Read(lab.Run(End.Right, "sh", ["-c", "ping \"$@\" || [ $? = 1 ]", "ping", .. command]));
    }

    private static Quantity Make(bool isLoaded, string key, string title) =>
        new($"ping.{State(isLoaded)}.{key}", $"ping, {Words(isLoaded)}, {title}", "ms", IsMoreBetter: false, Decimals: 3);

    private static string State(bool isLoaded) => isLoaded ? "load" : "idle";

    private static string Words(bool isLoaded) => isLoaded ? "beside a TCP stream" : "idle";
}
