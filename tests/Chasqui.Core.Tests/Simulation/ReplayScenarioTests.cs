using Chasqui.Core.Config;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>Old datagrams, sent again by somebody else from somewhere else.</summary>
public sealed class ReplayScenarioTests
{
    private static readonly IpEndpoint Attacker = new(IpAddress.V4(0xCB007109), 666);

    [Fact]
    public void AReplayedInitiationIsNotAnsweredAndMovesNoEndpoint() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        byte[] initiation = network.Sent(a, MessageType.Initiation)[0].Bytes;

        Assert.Equal(DropReason.ReplayedTimestamp, b.Receive(Attacker, initiation).Reason);
        Assert.Single(network.Sent(b, MessageType.Response));
        Assert.Equal(a.Address, b.PeerOf(a).Endpoint.Remote);
    });

    [Fact]
    public void AnInitiationHeldBackIsStillGoodOnceAndOnlyUntilANewerOne() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Initiation;
        a.SendTo(b);
        network.Advance(6);
        List<WireRecord> held = network.Sent(a, MessageType.Initiation);
        Assert.Equal(2, held.Count);

        Assert.Equal(DropReason.None, b.Receive(a.Address, held[1].Bytes).Reason);
        network.Advance(0.1);
        Assert.Equal(DropReason.ReplayedTimestamp, b.Receive(a.Address, held[0].Bytes).Reason);
        Assert.Equal(DropReason.ReplayedTimestamp, b.Receive(a.Address, held[1].Bytes).Reason);
    });

    [Fact]
    public void AnInitiationThatWasRefusedAsOldIsNotWorthQueueingAgain() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        byte[] initiation = network.Sent(a, MessageType.Initiation)[0].Bytes;
        Assert.Equal(DropReason.None, b.Tunnel.Screen(initiation)); // nobody has tried: the first is told, with its peer

        Assert.Equal(DropReason.ReplayedTimestamp, b.Receive(Attacker, initiation).Reason);
        Assert.Equal(DropReason.ReplayedTimestamp, b.Tunnel.Screen(initiation));
        initiation[^1] ^= 1; // mac2 is the attacker's to choose
        Assert.Equal(DropReason.ReplayedTimestamp, b.Tunnel.Screen(initiation));
        initiation[4] ^= 1;
        Assert.Equal(DropReason.InvalidMac1, b.Tunnel.Screen(initiation));
    });

    [Fact]
    public void ANewInitiationIsWorthQueueingWhateverWasRefused() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        Assert.Equal(DropReason.ReplayedTimestamp, b.Receive(Attacker, network.Sent(a, MessageType.Initiation)[0].Bytes).Reason);

        a.SendTo(b);
        network.Advance(130);
        a.SendTo(b);
        network.Advance(1);

        byte[] next = network.Sent(a, MessageType.Initiation)[^1].Bytes;
        Assert.True(network.Sent(a, MessageType.Initiation).Count > 1);
        Assert.Equal(DropReason.None, b.Tunnel.Screen(next));
    });

    [Fact]
    public void WithAPeerItsRefusedInitiationsAreForgotten() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(1);
        byte[] initiation = network.Sent(a, MessageType.Initiation)[0].Bytes;
        Assert.Equal(DropReason.ReplayedTimestamp, b.Receive(Attacker, initiation).Reason);

        b.Apply(new PeerChange { PublicKey = a.PublicKey, Remove = true });
        b.Apply(new PeerChange { PublicKey = a.PublicKey });

        Assert.Equal(DropReason.None, b.Tunnel.Screen(initiation));
        Assert.Equal(DropReason.None, b.Receive(Attacker, initiation).Reason); // as in the kernel: a new peer has seen nothing
    });

    [Fact]
    public void AReplayedResponseChangesNothing() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        byte[] response = network.Sent(b, MessageType.Response)[0].Bytes;
        Keypair? current = a.PeerOf(b).Keypairs.Current;

        Assert.Equal(DropReason.NoMatchingHandshake, a.Receive(Attacker, response).Reason);
        Assert.Same(current, a.PeerOf(b).Keypairs.Current);
        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
    });

    [Fact]
    public void AReplayedDataPacketIsNotDeliveredAndMovesNoEndpoint() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        byte[] data = network.Sent(a, MessageType.Transport)[0].Bytes;

        Assert.Equal(DropReason.ReplayedCounter, b.Receive(Attacker, data).Reason);
        Assert.Single(b.Delivered);
        Assert.Equal(a.Address, b.PeerOf(a).Endpoint.Remote);
    });

    [Fact]
    public void DataReplayedIntoTheNextSessionIsRefused() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        byte[] old = network.Sent(a, MessageType.Transport)[0].Bytes;
        for (int i = 0; i < 3; i++)
        {
            network.Advance(121);
            a.SendTo(b);
            network.Advance(0.2);
            a.SendTo(b);
        }

        Assert.Equal(DropReason.UnknownIndex, b.Receive(a.Address, old).Reason);
    });

    [Fact]
    public void InitiationsOfOnePeerAreAcceptedFiftyTimesASecondAtMost() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        // The peer's own clock gives every initiation a later timestamp; the times between them are ours.
        int accepted = 0, refused = 0;
        for (int i = 0; i < 100; i++)
        {
            a.Tunnel.Down();
            a.Tunnel.Up(network.Now);
            a.WallOffset += TimeSpan.FromSeconds(1);
            a.SendTo(b);
            network.Interceptor = r => r.Type == MessageType.Initiation;
            network.Advance(0.01);
            DropReason reason = b.Receive(a.Address, network.Sent(a, MessageType.Initiation)[^1].Bytes).Reason;
            accepted += reason == DropReason.None ? 1 : 0;
            refused += reason == DropReason.InitiationFlood ? 1 : 0;
        }

        Assert.Equal(50, accepted);
        Assert.Equal(50, refused);
    });

    [Fact]
    public void GarbageOfEveryTypeAndLengthIsDroppedAndNothingElse() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        int sent = network.Wire.Count;
        byte[] garbage = new byte[2000];
        for (int i = 0; i < 3000; i++)
        {
            network.Random.NextBytes(garbage);
            garbage[0] = (byte)network.Random.Next(6);
            garbage.AsSpan(1, 3).Clear();
            int[] lengths = [0, 1, 3, 4, 31, 32, 33, 64, 92, 148, network.Random.Next(2000)];
            Verdict verdict = b.Receive(Attacker, garbage.AsSpan(0, lengths[network.Random.Next(lengths.Length)]));
            network.Check(verdict.Kind == VerdictKind.Dropped, "Garbage was not dropped.");
        }

        Assert.Equal(sent, network.Wire.Count);
        Assert.Equal(a.Address, b.PeerOf(a).Endpoint.Remote);
        b.SendTo(a);
        network.Advance(0.1);
        Assert.Single(a.Delivered);
    });
}
