namespace Chasqui.Core.Tests.Simulation;

/// <summary>Three hosts, everything that can go wrong in any order, and then a world that is whole again.</summary>
/// <remarks>For hours: ./build.sh simulate.</remarks>
public sealed class RandomWalkTests
{
    private const int FirstSeed = 1000;
    private const int Steps = 30;

    private const int Walks = 100;

    /// <summary>
    /// When both ends have something to send, one that has lost the session says so at once: a handshake, which is begun
    /// Rekey-Timeout and jitter after the last one at the latest (5.3 s), or twice that if two cross.
    /// </summary>
    [Fact]
    public void WhateverHappensTrafficFlowsAgainBetweenHostsThatBothSend() => Walk(isOneWay: false, limitSeconds: 16);

    /// <summary>
    /// When only one end sends, it learns that the other has lost the session from 15 s of silence (and a third of a second of
    /// jitter); a handshake message of its own younger than Rekey-Timeout may hold the next one back for up to ten more.
    /// </summary>
    [Fact]
    public void WhateverHappensTrafficFlowsAgainIfOnlyOneHostSends() => Walk(isOneWay: true, limitSeconds: 26);

    /// <summary>Nobody mends the hosts themselves here: only the network does, and no more than two hosts that agree need to speak.</summary>
    [Fact]
    public void OnceTheLinksAreWholeTrafficFlowsBetweenHostsThatAgree()
    {
        const double LimitSeconds = 16;
        var times = new TimeSpan[Walks / 2];
        int directions = 0;
        Parallel.For(0, times.Length, i => SimulatedNetwork.Run(FirstSeed + i, network =>
        {
            RandomWalk walk = MakeWalk(network);
            List<(SimulatedHost From, SimulatedHost To)> agreeing = walk.HealLinks();
            TimeSpan? took = walk.TrafficFlows(agreeing, LimitSeconds);
            network.Check(took is not null, $"No traffic {LimitSeconds} s after the links were whole between [{string.Join(", ", agreeing)}]: {walk.Log}");
            times[i] = took!.Value;
            Interlocked.Add(ref directions, agreeing.Count);
        }));

        Assert.InRange(directions, Walks / 4, int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"{directions} directions; traffic flowed after {times.Max().TotalSeconds:0.0} s at the latest");
    }

    [Fact]
    public void AtTheEndOfAWalkNothingIsLeftBehind() => Parallel.For(FirstSeed, FirstSeed + (Walks / 10), seed => SimulatedNetwork.Run(seed, network =>
    {
        RandomWalk walk = MakeWalk(network);
        walk.Heal();
        network.Advance(2000); // past every limit, with nothing to send
        foreach (SimulatedHost host in network.Hosts)
        {
            network.Check(host.Tunnel.NextDeadline == Instant.Never, $"{host} still has a deadline: {walk.Log}");
            network.Check(host.Tunnel.SessionIndices == 0, $"{host} still has session indices: {walk.Log}");
        }
    }));

    /// <summary>The walks do try the invariant of sources: what they refuse is not nothing.</summary>
    [Fact]
    public void ForeignSourcesAreTriedAndRefused()
    {
        int refused = 0;
        Parallel.For(FirstSeed, FirstSeed + (Walks / 10), seed => SimulatedNetwork.Run(seed, network =>
        {
            MakeWalk(network);
            Interlocked.Add(ref refused, network.Hosts.Sum(host => host.RefusedSources));
        }));

        Assert.InRange(refused, Walks / 10, int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"{refused} packets refused for their source");
    }

    private static void Walk(bool isOneWay, double limitSeconds)
    {
        var times = new TimeSpan[Walks / 2];
        Parallel.For(0, times.Length, i => SimulatedNetwork.Run(FirstSeed + (2 * i) + (isOneWay ? 1 : 0), network =>
        {
            RandomWalk walk = MakeWalk(network);
            walk.Heal();
            TimeSpan? took = walk.TrafficFlows(isOneWay, limitSeconds);
            network.Check(took is not null, $"No traffic {limitSeconds} s after everything was whole again: {walk.Log}");
            times[i] = took!.Value;
        }));
        TestContext.Current.TestOutputHelper?.WriteLine($"traffic flowed after {times.Max().TotalSeconds:0.0} s at the latest");
    }

    private static RandomWalk MakeWalk(SimulatedNetwork network)
    {
        var walk = new RandomWalk(network);
        for (int step = 0; step < Steps; step++)
        {
            walk.Step();
        }

        return walk;
    }
}
