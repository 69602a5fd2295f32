using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class KeepaliveScenarioTests
{
    [Fact]
    public void DataIsAnsweredByAKeepaliveAfterTenSecondsOfSilence() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        Establish(network, a, b);
        Instant received = network.Now;
        network.Advance(60);

        WireRecord keepalive = Assert.Single(network.Wire);
        Assert.True(keepalive.IsKeepalive && keepalive.Sender == b);
        Assert.InRange((keepalive.At - received).TotalSeconds, 9.8, 10.01);
    });

    [Fact]
    public void DataOfTheOtherSideTakesTheKeepalivesPlace() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Advance(5);
        b.SendTo(a);
        network.Advance(9);

        Assert.DoesNotContain(network.Wire, r => r.IsKeepalive);
        network.Advance(60);
        Assert.Single(network.Wire, r => r.IsKeepalive && r.Sender == a);
    });

    [Fact]
    public void MoreDataAfterTheFirstAsksForOneMoreKeepalive() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Advance(2);
        a.SendTo(b);
        network.Advance(60);

        List<WireRecord> keepalives = network.Sent(b, MessageType.Transport);
        Assert.Equal(2, keepalives.Count);
        Assert.Equal(10.0, (keepalives[1].At - keepalives[0].At).TotalSeconds, 3);
    });

    [Fact]
    public void KeepalivesAreNotAnsweredWithKeepalives() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Advance(100);

        Assert.Single(network.Wire);
    });

    [Fact]
    public void UnansweredDataStartsAHandshakeAfterFifteenSecondsAndJitter()
    {
        for (int seed = 0; seed < 8; seed++)
        {
            SimulatedNetwork.RunPair(seed, (network, a, b) =>
            {
                Establish(network, a, b);
                network.Advance(20);
                network.Wire.Clear();
                network.DefaultLink = new Link { IsCut = true };
                Instant sent = network.Now;
                a.SendTo(b);
                network.Advance(3);
                a.SendTo(b); // does not move the deadline
                network.Advance(13);

                WireRecord initiation = Assert.Single(network.Sent(a, MessageType.Initiation));
                Assert.InRange((initiation.At - sent).TotalSeconds, 15, 15.334);
            });
        }
    }

    [Fact]
    public void AnsweredDataStartsNone() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        Establish(network, a, b);
        for (int i = 0; i < 10; i++)
        {
            a.SendTo(b);
            network.Advance(11);
        }

        Assert.Empty(network.Sent(a, MessageType.Initiation));
    });

    [Fact]
    public void APersistentKeepaliveComesEveryInterval() => SimulatedNetwork.Run(6, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        b.Connect(a);
        a.Connect(b, keepalive: 25);
        network.Advance(0.1);
        Instant first = network.Now;
        network.Advance(110);

        List<WireRecord> keepalives = network.Sent(a, MessageType.Transport);
        Assert.Equal(5, keepalives.Count); // the confirmation, then 25, 50, 75, 100 s
        Assert.All(keepalives, r => Assert.True(r.IsKeepalive));
        Assert.All(keepalives.Skip(1).Zip(keepalives, (x, y) => (x.At - y.At).TotalSeconds), gap => Assert.Equal(25, gap, 3));
        Assert.Empty(b.Delivered);
        Assert.True(network.Sent(b, MessageType.Transport).Count == 0, "A keepalive was answered.");
    });

    [Fact]
    public void TurningItOnSendsOneAtOnceAndTurningItOffStopsIt() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Advance(30);
        network.Wire.Clear();

        SetKeepalive(a, b, 25);
        network.Advance(0.1);
        Assert.Single(network.Wire, r => r.IsKeepalive && r.Sender == a);
        SetKeepalive(a, b, 20); // a change is no turning on
        network.Advance(0.1);
        Assert.Single(network.Wire);

        SetKeepalive(a, b, 0);
        network.Advance(100);
        Assert.Single(network.Wire);
    });

    [Fact]
    public void WhileTheInterfaceIsDownItWaitsAndComesAtOnceWithUp() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        a.Tunnel.Down();
        SetKeepalive(a, b, 25);
        network.Advance(100);
        Assert.Empty(network.Wire);
        Assert.Equal(Instant.Never, a.Tunnel.NextDeadline);

        a.Tunnel.Up(network.Now);
        network.Advance(0.1);
        Assert.Single(network.Sent(a, MessageType.Initiation));
        Assert.Single(network.Sent(a, MessageType.Transport), r => r.IsKeepalive);
        network.Advance(26);
        Assert.Equal(2, network.Sent(a, MessageType.Transport).Count);
    });

    [Fact]
    public void ItGoesOnForEverWhileThePeerIsAway() => SimulatedNetwork.RunPair(9, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        SetKeepalive(a, b, 25);
        network.Advance(3600);
        network.Wire.Clear();
        network.Advance(60);
        Assert.NotEmpty(network.Sent(a, MessageType.Initiation));

        network.DefaultLink = Link.Perfect;
        network.Advance(31);
        Assert.NotEmpty(network.Sent(a, MessageType.Transport));
    });

    private static void Establish(SimulatedNetwork network, SimulatedHost a, SimulatedHost b)
    {
        a.SendTo(b);
        network.Advance(0.1);
        network.Check(network.DeliveredPackets == 1, "No session.");
        network.Wire.Clear();
    }

    private static void SetKeepalive(SimulatedHost host, SimulatedHost peer, ushort seconds) =>
        host.Apply(new PeerChange { PublicKey = peer.PublicKey, PersistentKeepaliveSeconds = seconds });
}
