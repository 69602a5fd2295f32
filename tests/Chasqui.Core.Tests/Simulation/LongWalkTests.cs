using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>Long histories that heal again and again, for as long as is asked: <c>./build.sh simulate SECONDS</c>.</summary>
/// <remarks>
/// The two kinds of healing take turns: first everything, then the links alone (<see cref="RandomWalk"/> says what each mends).
/// CHASQUI_SIMULATE_SECONDS: how long; CHASQUI_SIMULATE_SEED: the first seed; CHASQUI_SIMULATE_RESULT: a file for what came of it.
/// </remarks>
public sealed class LongWalkTests
{
    private const int Rounds = 8;
    private const int StepsInRound = 30;
    private const double LimitSeconds = 16; // the handshake begun anew, twice if two cross: RandomWalkTests

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Number("CHASQUI_SIMULATE_SECONDS", 2));
    private static readonly int FirstSeed = Number("CHASQUI_SIMULATE_SEED", 1_000_000);

    private readonly Lock _gate = new();
    private int _walks;
    private long _datagrams;
    private TimeSpan _virtualTime;
    private TimeSpan _timeAwake;
    private TimeSpan _slowest;
    private int _directions;
    private int _refusedSources;

    [Fact]
    public void TrafficFlowsAgainWithin16SecondsAfterEveryHealing()
    {
        long begin = Stopwatch.GetTimestamp();
        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            for (int walk = worker; Stopwatch.GetElapsedTime(begin) < Time; walk += Environment.ProcessorCount)
            {
                SimulatedNetwork.Run(FirstSeed + walk, Walk);
            }
        });

        Assert.True(_walks > 0);
        Report(Stopwatch.GetElapsedTime(begin));
    }

    private void Walk(SimulatedNetwork network)
    {
        var walk = new RandomWalk(network);
        TimeSpan slowest = TimeSpan.Zero;
        long datagrams = 0;
        int directions = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (int step = 0; step < StepsInRound; step++)
            {
                walk.Step();
            }

            bool isOfLinks = round % 2 == 1;
            TimeSpan? took = isOfLinks ? HealLinks(walk, ref directions) : HealAll(walk);
            network.Check(took is not null, $"No traffic {LimitSeconds} s after {(isOfLinks ? "the links were" : "everything was")} whole again: {walk.Log}");
            slowest = took > slowest ? took.Value : slowest;
            datagrams += network.Wire.Count;
            network.Wire.Clear();
        }

        lock (_gate)
        {
            _walks++;
            _datagrams += datagrams;
            _virtualTime += network.Now - SimulatedNetwork.Origin;
            _timeAwake += network.TimeAwake;
            _slowest = slowest > _slowest ? slowest : _slowest;
            _directions += directions;
            _refusedSources += network.Hosts.Sum(host => host.RefusedSources);
        }
    }

    private static TimeSpan? HealAll(RandomWalk walk)
    {
        walk.Heal();
        return walk.TrafficFlows(isOneWay: false, LimitSeconds);
    }

    private static TimeSpan? HealLinks(RandomWalk walk, ref int directions)
    {
        List<(SimulatedHost From, SimulatedHost To)> agreeing = walk.HealLinks();
        directions += agreeing.Count;
        return walk.TrafficFlows(agreeing, LimitSeconds);
    }

    private void Report(TimeSpan took)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_walks} walks from seed {FirstSeed} on, {_virtualTime.TotalDays:0} days of virtual time ({_timeAwake.TotalDays:0.0} with no host asleep), {_datagrams} datagrams, {_refusedSources} refused for their source; "
            + $"{_walks * Rounds} healings, half of them of links alone, with {_directions} directions; traffic flowed after {_slowest.TotalSeconds:0.0} s at the latest"));
        if (Environment.GetEnvironmentVariable("CHASQUI_SIMULATE_RESULT") is not { Length: > 0 } file)
        {
            return;
        }

        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            seed = FirstSeed,
            seconds = (long)took.TotalSeconds,
            walks = _walks,
            healings = _walks * Rounds,
            linkHealings = _walks * Rounds / 2,
            linkDirections = _directions,
            refusedSources = _refusedSources,
            virtualDays = (long)_virtualTime.TotalDays,
            daysAwake = Math.Round(_timeAwake.TotalDays, 1),
            datagrams = _datagrams,
            slowestSeconds = Math.Round(_slowest.TotalSeconds, 1),
        }) + "\n");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
