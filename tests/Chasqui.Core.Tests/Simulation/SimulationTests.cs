using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>The bench itself: what the other tests rely on.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void TheSameSeedGivesTheSameWire()
    {
        List<string> Run(int seed)
        {
            List<string> wire = [];
            SimulatedNetwork.RunPair(seed, (network, a, b) =>
            {
                network.DefaultLink = new Link { Loss = 0.2, Jitter = TimeSpan.FromMilliseconds(40), Duplication = 0.1, Corruption = 0.05 };
                for (int i = 0; i < 50; i++)
                {
                    a.SendTo(b);
                    network.Advance(0.5);
                }

                wire.AddRange(network.Wire.Select(r => r + Convert.ToHexString(r.Bytes)));
            });
            return wire;
        }

        List<string> first = Run(7);

        Assert.Equal(first, Run(7));
        Assert.NotEqual(first, Run(8));
    }

    [Fact]
    public void AFailureTellsItsSeedAndItsTime()
    {
        var failure = Assert.Throws<SimulationException>(() => SimulatedNetwork.RunPair(4711, (network, a, b) =>
        {
            network.Advance(1.5);
            Assert.Fail("as it must");
        }));

        Assert.Contains("seed 4711", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1.500 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoHostsTalkInBothFamiliesAndBothDirections() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        a.SendTo(b, isV6: true);
        network.Advance(0.1);
        b.SendTo(a);
        b.SendTo(a, isV6: true);
        network.Advance(0.1);

        Assert.Equal(4, network.DeliveredPackets);
        Assert.Single(network.Sent(a, MessageType.Initiation));
        Assert.Single(network.Sent(b, MessageType.Response));
        Assert.Equal(2, network.Sent(a, MessageType.Transport).Count);
        Assert.Equal(2, network.Sent(b, MessageType.Transport).Count);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void DataIsExactOverALinkThatLosesReordersDuplicatesAndCorrupts(int seed) => SimulatedNetwork.RunPair(seed, (network, a, b) =>
    {
        network.DefaultLink = new Link
        {
            Loss = 0.1,
            Jitter = TimeSpan.FromMilliseconds(50),
            Duplication = 0.2,
            Corruption = 0.1,
        };
        for (int i = 0; i < 300; i++)
        {
            a.SendTo(b, 60 + network.Random.Next(1340));
            b.SendTo(a, 60 + network.Random.Next(1340), isV6: true);
            network.Advance(0.2);
        }

        // NoteDelivery has compared every byte; what remains is that most came through.
        network.Check(network.DeliveredPackets > 400, $"Only {network.DeliveredPackets} of {network.SentPackets} packets came through.");
        network.Check(a.Tunnel.Drops[DropReason.ReplayedCounter] > 0, "No duplicate was seen.");
        network.Check(a.Tunnel.Drops[DropReason.AuthenticationFailed] > 0, "No corruption was seen.");
    });
}
