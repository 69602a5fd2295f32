using Chasqui.Core.Keys;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class ClockScenarioTests
{
    [Fact]
    public void AfterTheWallClockWentBackInitiationsAreRefusedUntilItHasCaughtUp() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.WallOffset = TimeSpan.FromSeconds(-300);
        network.Interceptor = r => r.Sender == b && r.Type == MessageType.Initiation; // B's own would help
        for (int i = 0; i < 40; i++)
        {
            network.Advance(5);
            a.SendTo(b);
        }

        // 200 s on: the session is dead and the peer still takes the initiations for replays.
        Assert.True(b.Tunnel.Drops[DropReason.ReplayedTimestamp] > 3);
        Assert.Single(network.Sent(b, MessageType.Response));
        for (int i = 0; i < 25; i++)
        {
            network.Advance(5);
            a.SendTo(b);
        }

        Assert.Equal(2, network.Sent(b, MessageType.Response).Count);
    });

    [Fact]
    public void TheMonotonicClockIsNotTouchedByTheWallClock() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.WallOffset = TimeSpan.FromDays(3650);
        b.WallOffset = TimeSpan.FromDays(-3650);
        for (int i = 0; i < 110; i++)
        {
            a.SendTo(b);
            b.SendTo(a);
            network.Advance(1);
        }

        Assert.Equal(network.SentPackets, network.DeliveredPackets);
        Assert.Single(network.Wire, r => r.Type == MessageType.Initiation);
    });

    [Fact]
    public void AClockThatWentBackShutsOutOneDirectionOnly() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.WallOffset = TimeSpan.FromHours(-1);
        network.Advance(200);
        a.SendTo(b);
        network.Advance(1);
        Assert.Equal(1, network.DeliveredPackets);

        b.SendTo(a); // the other side's timestamps are its own
        network.Advance(1);
        Assert.Equal(3, network.DeliveredPackets);
    });

    [Fact]
    public void AMachineThatSleptAWeekWakesWithDeadKeysAndATunnelThatWorks() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Keypair keypair = a.PeerOf(b).Keypairs.Current!;
        network.Advance(TimeSpan.FromDays(7));
        Assert.Throws<ObjectDisposedException>(() => keypair.Seal(new byte[16], new PacketSlot[1]));

        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(2, network.DeliveredPackets);
    });

    [Fact]
    public void TheTimestampOnTheWireIsCoarse()
    {
        using var key = PrivateKey.Generate(new SeededEntropy(1));
        byte[] first = new byte[12], second = new byte[12];
        Tai64n.Write(SimulatedNetwork.WallOrigin, first);
        Tai64n.Write(SimulatedNetwork.WallOrigin + Tai64n.StepNanoseconds - 1, second);

        Assert.Equal(first, second);
    }
}
