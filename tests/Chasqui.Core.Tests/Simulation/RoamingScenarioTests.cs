using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class RoamingScenarioTests
{
    private static readonly IpEndpoint Elsewhere = new(IpAddress.V4(0xC6336407), 4500);
    private static readonly IpEndpoint Attacker = new(IpAddress.V4(0xCB007109), 666);

    [Fact]
    public void TheEndpointFollowsData() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.Address = Elsewhere;
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(Elsewhere, b.PeerOf(a).Endpoint.Remote);

        b.SendTo(a);
        network.Advance(0.1);
        Assert.Single(a.Delivered);
    });

    [Fact]
    public void TheEndpointFollowsAKeepalive() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        a.Apply(new PeerChange { PublicKey = b.PublicKey, PersistentKeepaliveSeconds = 5 });
        network.Advance(1);
        a.Address = Elsewhere; // the NAT in front of A forgot
        network.Advance(6);

        Assert.Equal(Elsewhere, b.PeerOf(a).Endpoint.Remote);
    });

    [Fact]
    public void TheEndpointFollowsAnInitiation() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.Address = Elsewhere;
        network.Interceptor = r => r.Type == MessageType.Transport;
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(Elsewhere, b.PeerOf(a).Endpoint.Remote);
    });

    [Fact]
    public void TheEndpointFollowsAResponse() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        network.Interceptor = r => r.Type is MessageType.Response or MessageType.Transport;
        a.SendTo(b);
        network.Advance(0.1);
        a.Receive(Elsewhere, network.Sent(b, MessageType.Response)[0].Bytes);

        Assert.Equal(Elsewhere, a.PeerOf(b).Endpoint.Remote);
    });

    [Fact]
    public void NothingThatDoesNotAuthenticateMovesTheEndpoint() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        network.Interceptor = r => r.Type is MessageType.Response or MessageType.Transport;
        a.SendTo(b);
        network.Advance(0.1);
        WireRecord response = network.Sent(b, MessageType.Response)[0], initiation = network.Sent(a, MessageType.Initiation)[0];
        foreach (WireRecord record in (WireRecord[])[initiation, response])
        {
            SimulatedHost target = record == initiation ? b : a;
            for (int i = 0; i < record.Bytes.Length - ProtocolConstants.MacLength; i++) // mac2 counts under load only
            {
                byte[] forged = [.. record.Bytes];
                forged[i] ^= 0x10;
                target.Receive(Attacker, forged);
            }
        }

        Assert.NotEqual(Attacker, a.PeerOf(b).Endpoint.Remote);
        Assert.NotEqual(Attacker, b.PeerOf(a).Endpoint.Remote);
    });

    [Fact]
    public void ForgedDataMovesNoEndpointAndTouchesNoTimer() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        network.Interceptor = r => r.IsData;
        a.SendTo(b);
        byte[] data = network.Sent(a, MessageType.Transport)[^1].Bytes;
        Instant deadline = b.PeerOf(a).Timers.Earliest;
        for (int i = 4; i < data.Length; i++)
        {
            byte[] forged = [.. data];
            forged[i] ^= 1;
            Assert.Equal(VerdictKind.Dropped, b.Receive(Attacker, forged).Kind);
        }

        Assert.Equal(a.Address, b.PeerOf(a).Endpoint.Remote);
        Assert.Equal(deadline, b.PeerOf(a).Timers.Earliest);
        Assert.Equal(VerdictKind.Deliver, b.Receive(a.Address, data).Kind); // no forgery has burnt its counter
    });

    [Fact]
    public void AnswersLeaveFromTheAddressThatWasSpokenTo() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(b.Address.Address, b.PeerOf(a).Endpoint.Source);
        Assert.Equal(1, b.PeerOf(a).Endpoint.SourceInterface);
        Assert.Equal([b.PeerOf(a)], b.Tunnel.PeersWithSource());
    });

    [Fact]
    public void SilenceForgetsTheSourceAddress() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Assert.False(a.PeerOf(b).Endpoint.Source.IsNone);
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(16);

        Assert.True(a.PeerOf(b).Endpoint.Source.IsNone);
        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
    });

    [Fact]
    public void ANewPortOrMarkForgetsTheSourceAddresses() => SimulatedNetwork.RunPair(9, (network, a, b) =>
    {
        foreach (DeviceChange change in (DeviceChange[])[new DeviceChange { ListenPort = 7 }, new DeviceChange { FwMark = 7 }])
        {
            a.SendTo(b);
            network.Advance(0.1);
            b.SendTo(a);
            network.Advance(0.1);
            Assert.False(a.PeerOf(b).Endpoint.Source.IsNone);
            a.Apply(change);

            Assert.True(a.PeerOf(b).Endpoint.Source.IsNone);
        }
    });

    [Fact]
    public void BothEndsMayMoveAtOnceIfOneIsFoundAgain() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.Address = Elsewhere;
        b.Address = Elsewhere with { Port = 4501 };
        a.Apply(new PeerChange { PublicKey = b.PublicKey, Endpoint = b.Address });
        a.SendTo(b);
        network.Advance(0.1);
        b.SendTo(a);
        network.Advance(0.1);

        Assert.Equal(3, network.DeliveredPackets);
    });
}
