using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>Endpoints by name: when they are asked for, what moves and what stays.</summary>
public sealed class NameScenarioTests
{
    private const string Host = "b.example";
    private static readonly IpEndpoint Elsewhere = new(IpAddress.V4(0xC6336407), 51820);
    private static readonly IpEndpoint Elsewhere6 = new(IpAddress.V6(0x20010DB8_00000000, 7), 51820);
    private static readonly IpEndpoint Dead = new(IpAddress.V4(0xCB007105), 51820);

    [Fact]
    public void APeerThatHasOnlyANameIsReached() => RunNamed(1, (network, a, b) =>
    {
        Assert.Equal(DropReason.NoEndpoint, a.SendTo(b).Reason);
        network.Advance(0.1);
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
        network.Check(network.DeliveredPackets == 1, "Nothing came through.");
        Assert.Single(a.Queries);
    });

    [Fact]
    public void AKeepaliveBeginsAsSoonAsTheNameResolves() => SimulatedNetwork.Run(2, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        b.Connect(a);
        a.ConnectByName(b, Host, keepalive: 25);
        network.Advance(20);
        Assert.Empty(network.Wire);
        Assert.InRange(a.Queries.Count, 5, 15); // 1 s, and a fifth more each time

        a.NameServer[Host] = [b.Address];
        TimeSpan? taken = network.AdvanceUntil(() => b.PeerOf(a).LastHandshakeUnixNanoseconds > 0, 60);

        network.Check(taken is { TotalSeconds: < 10 }, $"The session took {taken}.");
    });

    [Fact]
    public void TheFamilyThatWorksIsFoundAtTheFirstTry()
    {
        foreach (bool isV6Dead in (bool[])[false, true])
        {
            foreach (bool isV6First in (bool[])[false, true])
            {
                RunNamed(3, (network, a, b) =>
                {
                    a.SecondAddress = new IpEndpoint(IpAddress.V6(0x20010DB8_00000000, 1), 51820);
                    b.SecondAddress = Elsewhere6;
                    a.NameServer[Host] = isV6First ? [Elsewhere6, b.Address] : [b.Address, Elsewhere6];
                    network.Interceptor = r => r.Destination.Address.IsV6 == isV6Dead;
                    network.Advance(0.1);
                    a.SendTo(b);
                    network.Advance(0.1);

                    network.Check(network.DeliveredPackets == 1, $"Nothing came through: IPv6 {(isV6Dead ? "dead" : "alive")}, first {isV6First}.");
                    Assert.Equal(isV6Dead ? b.Address : Elsewhere6, a.PeerOf(b).Endpoint.Remote);
                    Assert.Equal(2, network.Sent(a, MessageType.Initiation).Count);
                });
            }
        }
    }

    [Fact]
    public void WithBothFamiliesAliveOneHandshakeIsMade() => RunNamed(4, (network, a, b) =>
    {
        a.SecondAddress = new IpEndpoint(IpAddress.V6(0x20010DB8_00000000, 1), 51820);
        b.SecondAddress = Elsewhere6;
        a.NameServer[Host] = [Elsewhere6, b.Address];
        network.Advance(0.1);
        a.SendTo(b);
        network.Advance(1);

        Assert.Single(network.Sent(b, MessageType.Response));
        Assert.Equal(1, b.Tunnel.Drops[DropReason.ReplayedTimestamp]);
        network.Check(network.DeliveredPackets == 1, "Nothing came through.");
        List<WireRecord> sent = network.Sent(a, MessageType.Initiation);
        Assert.Equal(sent[0].Bytes, sent[1].Bytes);
    });

    [Fact]
    public void AChangeOfTheNameLeavesASessionThatWorksAlone() => RunNamed(5, (network, a, b) =>
    {
        a.TimeToLive = TimeSpan.FromSeconds(30);
        Talk(network, a, b, 10);
        a.NameServer[Host] = [Elsewhere];
        Talk(network, a, b, 400);

        network.Check(a.Queries.Count > 10, $"{a.Queries.Count} queries.");
        Assert.All(network.Sent(a, MessageType.Initiation), r => Assert.Equal(b.Address, r.Destination));
        Assert.Empty(network.Wire.FindAll(r => r.Destination == Elsewhere));
        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
    });

    [Fact]
    public void APeerThatHasMovedIsFoundAgainWhileTheUserSends()
    {
        List<double> times = [];
        for (int seed = 0; seed < 10; seed++)
        {
            RunNamed(seed, (network, a, b) =>
            {
                a.TimeToLive = TimeSpan.FromHours(1);
                Talk(network, a, b, 10);
                int before = a.Queries.Count;
                b.Address = Elsewhere;
                a.NameServer[Host] = [Elsewhere];
                network.Advance(1);
                b.Delivered.Clear();
                b.Tunnel.Down(); // it was started again elsewhere, and knows of no session that it could miss
                b.Tunnel.Up(network.Now);
                TimeSpan? taken = network.AdvanceUntil(() => SendAndLook(a, b), 60, stepSeconds: 0.5);

                network.Check(taken is not null, "It was not found again.");
                times.Add(taken!.Value.TotalSeconds);
                Assert.InRange(a.Queries.Count - before, 1, 3);
            });
        }

        // 15 s without an answer to data, and the resolver's answer: the initiation that was sent in vain goes to the new place at once.
        Assert.All(times, time => Assert.InRange(time, 14, 16));
    }

    /// <summary>The tool that configured the peer took the first address for its endpoint, and it is a dead one.</summary>
    [Fact]
    public void AnInitiationUnderWayGoesToWhatTheNameTurnsOutToBe() => SimulatedNetwork.Run(15, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        b.Connect(a);
        a.ConnectByName(b, Host);
        a.NameServer[Host] = [Dead, b.Address, Elsewhere];
        Assert.True(EndpointName.TryMake(Host, 51820, out EndpointName name));
        a.Apply(new PeerChange { PublicKey = b.PublicKey, Endpoint = Dead, EndpointName = name });
        a.SendTo(b);
        network.Advance(0.1);

        network.Check(network.DeliveredPackets == 1, "Nothing came through.");
        List<WireRecord> sent = network.Sent(a, MessageType.Initiation);
        Assert.Equal([Dead, b.Address, Elsewhere], sent.Select(r => r.Destination));
        Assert.All(sent, r => Assert.Equal(sent[0].Bytes, r.Bytes));
        Assert.Equal(Instant.Never, a.PeerOf(b).Named!.CopyDue);
    });

    [Fact]
    public void AnAnswerThatComesAfterTheResponseSendsNothing() => RunNamed(16, (network, a, b) =>
    {
        network.Advance(0.1);
        a.SendTo(b);
        network.Advance(0.1);
        Peer peer = a.PeerOf(b);
        peer.Named!.DataUnanswered(network.Now);
        Assert.True(peer.Named.Timer.TryTake(Instant.Never));
        Assert.Equal(NameOutcome.Changed, a.Tunnel.AnswerName(new NameQuery(peer, peer.Named), [Elsewhere], TimeSpan.FromHours(1), network.Now));
        int before = network.Wire.Count;
        network.Advance(0.1);

        Assert.Equal(before, network.Wire.Count);
    });

    /// <summary>What lies in the buffer of datagrams is another peer's initiation by then.</summary>
    [Fact]
    public void ANameThatComesAfterTheInitiationIsTriedWithTheNextOne() => SimulatedNetwork.Run(17, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost(), c = network.AddHost();
        b.Connect(a);
        a.Connect(b);
        a.Connect(c);
        a.Apply(new PeerChange { PublicKey = b.PublicKey, Endpoint = Dead });
        a.SendTo(b);
        network.Advance(0.01);
        a.SendTo(c);
        network.Advance(0.01);
        byte[] own = network.Sent(a, MessageType.Initiation)[0].Bytes;

        a.NameServer[Host] = [b.Address];
        Assert.True(EndpointName.TryMake(Host, b.Address.Port, out EndpointName name));
        a.Apply(new PeerChange { PublicKey = b.PublicKey, EndpointName = name });
        network.Advance(1);

        Assert.All(network.Sent(a, MessageType.Initiation), sent => Assert.True(sent.Destination == c.Address || sent.Bytes.AsSpan().SequenceEqual(own)));
        network.Advance(6);
        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
    });

    [Fact]
    public void APeerThatMovedInTheMeantimeIsFoundByTheFirstPacket() => RunNamed(6, (network, a, b) =>
    {
        Talk(network, a, b, 1);
        network.Advance(60); // the last word has been acknowledged: nobody misses anybody
        b.Address = Elsewhere;
        a.NameServer[Host] = [Elsewhere];
        network.Advance(700); // the answer has been asked for again, and the session is over
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(Elsewhere, a.PeerOf(b).Endpoint.Remote);
        network.Check(b.Delivered.Count == 2, $"{b.Delivered.Count} delivered.");
    });

    [Fact]
    public void APeerThatRoamedIsFoundThoughItsNameLags() => RunNamed(7, (network, a, b) =>
    {
        Talk(network, a, b, 1);
        b.Address = Elsewhere;
        b.SendTo(a);
        network.Advance(700);
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(Elsewhere, a.PeerOf(b).Endpoint.Remote);
        network.Check(b.Delivered.Count == 2, $"{b.Delivered.Count} delivered.");
    });

    [Fact]
    public void EveryAddressHasItsTurn() => RunNamed(8, (network, a, b) =>
    {
        a.NameServer[Host] = [.. Enumerable.Range(0, 7).Select(i => Dead with { Port = (ushort)(1000 + i) }), b.Address, Elsewhere];
        network.Advance(0.1);
        TimeSpan? taken = network.AdvanceUntil(() => SendAndLook(a, b), 90, stepSeconds: 0.5);

        network.Check(taken is { TotalSeconds: < 30 }, $"It took {taken}.");
        Assert.Empty(network.Wire.FindAll(r => r.Destination == Elsewhere)); // the ninth is past the limit
        Assert.Equal(network.Sent(a, MessageType.Initiation).Count, 2 * network.Sent(a, MessageType.Initiation).DistinctBy(r => r.At).Count());
    });

    [Fact]
    public void UnderLoadTheCookieGoesBackTheWayItCame() => RunNamed(9, (network, a, b) =>
    {
        a.NameServer[Host] = [Dead, b.Address, Dead with { Port = 1 }, Dead with { Port = 2 }];
        b.QueuedHandshakes = ProtocolConstants.UnderLoadQueuedHandshakes;
        network.Advance(0.1);
        a.SendTo(b);
        network.Advance(4);
        Assert.Single(network.Sent(b, MessageType.CookieReply));
        network.Advance(2);

        Assert.Single(network.Sent(b, MessageType.Response));
        network.Check(network.DeliveredPackets == 1, "Nothing came through.");
    });

    [Fact]
    public void AFailingHandshakeAsksLessAndLessOften() => RunNamed(10, (network, a, b) =>
    {
        a.TimeToLive = TimeSpan.FromHours(1);
        network.DefaultLink = new Link { IsCut = true };
        network.Advance(0.1);
        for (int i = 0; i < 60; i++)
        {
            a.SendTo(b);
            network.Advance(10);
        }

        List<double> gaps = [.. a.Queries.Skip(1).Zip(a.Queries, (later, earlier) => (later - earlier).TotalSeconds)];
        Assert.InRange(gaps[0], 4.9, 5.5);
        Assert.All(gaps.Skip(4), gap => Assert.InRange(gap, 59, 66));
        Assert.InRange(a.Queries.Count, 10, 15);
    });

    [Fact]
    public void AnAddressThatIsSetReplacesTheName() => RunNamed(11, (network, a, b) =>
    {
        network.Advance(1);
        a.Apply(new PeerChange { PublicKey = b.PublicKey, Endpoint = b.Address });
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0);
        Assert.True(snapshot.Peers[0].EndpointName.IsNone);
        int before = a.Queries.Count;
        network.Advance(4000);

        Assert.Equal(before, a.Queries.Count);
        Assert.Equal(Instant.Never, a.Tunnel.NextDeadline);
    });

    [Fact]
    public void AnAnswerToAForgottenQuestionIsNotTaken() => RunNamed(12, (network, a, b) =>
    {
        network.Advance(1);
        var outbox = new NetworkOutbox(network, a);
        Peer peer = a.PeerOf(b);
        peer.Named = new NamedEndpoint(peer.Named!.Name, network.Now);
        a.Tunnel.Tick(a.Moment, ref outbox);
        var query = new NameQuery(peer, peer.Named);
        a.Apply(new PeerChange { PublicKey = b.PublicKey, EndpointName = default(EndpointName) });

        Assert.Equal(NameOutcome.Stale, a.Tunnel.AnswerName(query, [Elsewhere], TimeSpan.Zero, network.Now));
        Assert.Null(a.Tunnel.FailName(query, network.Now));
    });

    [Fact]
    public void NobodyAsksWhileTheInterfaceIsDown() => SimulatedNetwork.Run(13, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Tunnel.Down();
        a.NameServer[Host] = [b.Address];
        a.ConnectByName(b, Host);
        network.Advance(1000);
        Assert.Empty(a.Queries);

        a.Tunnel.Up(network.Now);
        network.Advance(0.1);
        Assert.Single(a.Queries);
        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
    });

    /// <summary>A session with an address: one copy of each initiation, whatever the name says.</summary>
    [Fact]
    public void WithoutANameAnInitiationGoesToOnePlace() => SimulatedNetwork.RunPair(14, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(60);

        List<WireRecord> sent = network.Sent(a, MessageType.Initiation);
        Assert.Equal(sent.Count, sent.DistinctBy(r => r.At).Count());
        Assert.Empty(a.Queries);
    });

    private static void RunNamed(int seed, Action<SimulatedNetwork, SimulatedHost, SimulatedHost> scenario) => SimulatedNetwork.Run(seed, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        b.Connect(a);
        a.NameServer[Host] = [b.Address];
        a.ConnectByName(b, Host);
        scenario(network, a, b);
    });

    private static void Talk(SimulatedNetwork network, SimulatedHost a, SimulatedHost b, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            network.Advance(0.5);
            a.SendTo(b);
            network.Advance(0.25);
            b.SendTo(a);
            network.Advance(0.25);
        }
    }

    /// <summary>Sends one packet more, and says whether an earlier one has come since the last look.</summary>
    private static bool SendAndLook(SimulatedHost a, SimulatedHost b)
    {
        bool isThere = b.Delivered.Count > 0;
        a.SendTo(b);
        return isThere;
    }
}
