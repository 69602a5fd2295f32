using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Sessions;
using Chasqui.Core.Tests.Noise;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Bugs;

/// <summary>Bugs of the data path that other implementations shipped, each as the test that would have caught it.</summary>
public sealed class TransportBugTests
{
    private static readonly IpEndpoint Attacker = new(IpAddress.V4(0xCB007109), 666);

    // GotaTun before 0.7.2 panicked at a datagram longer than its buffers: anybody could stop it from afar.
    [Fact]
    public void AnOversizedDatagramIsDroppedLikeAnyOther() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        Establish(network, a, b);
        byte[] huge = new byte[65535];
        TransportView.WriteHeader(huge, a.PeerOf(b).Keypairs.Current!.Remote, 7);
        foreach (int length in (int[])[65535, 65507, 9000, 2048, 1501, 1452, 33, 32])
        {
            Assert.Equal(DropReason.AuthenticationFailed, b.Receive(Attacker, huge.AsSpan(0, length)).Reason);
        }

        for (int length = 31; length >= 0; length--)
        {
            Assert.Equal(DropReason.Malformed, b.Receive(Attacker, huge.AsSpan(0, length)).Reason);
        }

        Echo(network, a, b);
    });

    // GotaTun before 0.7.2: a peer with 10.7.0.0/16 could send from the /24 inside it that belongs to another peer.
    [Fact]
    public void ANestedSubnetIsItsOwnersAlone() => SimulatedNetwork.Run(2, network =>
    {
        SimulatedHost hub = network.AddHost(), wide = network.AddHost(), narrow = network.AddHost();
        wide.Connect(hub);
        hub.Apply(
            new PeerChange { PublicKey = wide.PublicKey, AllowedIps = [new(new IpPrefix(IpAddress.V4(0x0A000000), 8), false)] },
            new PeerChange { PublicKey = narrow.PublicKey, AllowedIps = [new(new IpPrefix(narrow.Inner, 32), false)] });
        wide.Send(InnerPacket.Make(narrow.Inner, hub.Inner, 30, 0));
        network.Advance(0.1);

        Assert.Empty(hub.Delivered);
        Assert.Equal(1, hub.Tunnel.Drops[DropReason.SourceNotAllowed]);
    });

    // boringtun never, and GotaTun before 0.7.2 never, stopped a keypair at Reject-After-Messages.
    [Fact]
    public void RejectAfterMessagesIsEnforcedBothWays() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Interceptor = r => r.Type == MessageType.Initiation;
        a.PeerOf(b).Keypairs.Current!.SendCounter = ProtocolConstants.RejectAfterMessages;
        a.SendTo(b);
        network.Advance(1);

        Assert.Equal(1, network.DeliveredPackets);
        Assert.Equal(1, a.PeerOf(b).Staged!.Count);
    });

    // boringtun before 0.7.1 and GotaTun 0.1 cut the counter to 32 bits on 32-bit machines: the same nonce twice.
    [Fact]
    public void TheNonceHas64Bits() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        Establish(network, a, b);
        Keypair keypair = a.PeerOf(b).Keypairs.Current!;
        byte[] low = Seal(keypair, 5), high = Seal(keypair, 5 + (1UL << 32));

        Assert.False(low.AsSpan().SequenceEqual(high));
        byte[] expected = Whitepaper.Data(new byte[32], 1, 5 + (1UL << 32), new byte[16]);
        byte[] mine = new byte[48];
        new PacketAead(new byte[32]).Seal(mine, new PacketSlot[] { new() { Offset = 16, Length = 16, Counter = 5 + (1UL << 32) } });
        Assert.Equal(expected[16..], mine[16..]);
    });

    // boringtun's replay window is 1024 counters, which a reordering link of some speed outruns.
    [Fact]
    public void APacketMayBe8127CountersLate() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        Establish(network, a, b);
        Keypair keypair = a.PeerOf(b).Keypairs.Current!;
        byte[] newest = Seal(keypair, 20_000);
        Assert.Equal(DropReason.None, b.Receive(a.Address, newest).Reason);

        Assert.Equal(DropReason.None, b.Receive(a.Address, Seal(keypair, 20_000 - 8128)).Reason);
        Assert.Equal(DropReason.ReplayedCounter, b.Receive(a.Address, Seal(keypair, 20_000 - 8129)).Reason);
        Assert.Equal(DropReason.ReplayedCounter, b.Receive(a.Address, Seal(keypair, 20_000)).Reason);
    });

    // GotaTun before 0.7.2: two idle hosts answered each other's keepalives for ever.
    [Fact]
    public void IdleHostsDoNotPlayPingPong() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Advance(500);

        Assert.Single(network.Wire, r => r.IsKeepalive);
    });

    // boringtun does not pad at all, GotaTun did not (audit 3.3): lengths told what was inside.
    [Fact]
    public void DataIsPaddedToSixteen() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        for (int length = 60; length < 100; length++)
        {
            a.SendTo(b, length);
        }

        network.Advance(0.1);
        Assert.Equal([96, 112, 128, 144], network.Wire.Where(r => r.IsData).Select(r => r.Bytes.Length).Distinct().Order());
    });

    // An early implementation, and GotaTun before 0.8.0 with cookie replies, let unauthenticated datagrams move the endpoint.
    [Fact]
    public void OnlyWhatAuthenticatesMovesTheEndpoint() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        Establish(network, a, b);
        byte[] forged = Seal(a.PeerOf(b).Keypairs.Current!, 9);
        forged[^1] ^= 1;
        Assert.Equal(DropReason.AuthenticationFailed, b.Receive(Attacker, forged).Reason);
        Assert.Equal(DropReason.Malformed, b.Receive(Attacker, forged.AsSpan(0, 20)).Reason);

        Assert.Equal(a.Address, b.PeerOf(a).Endpoint.Remote);
    });

    // GotaTun's audit: it updated the endpoint on initiations only, so that a peer behind a new NAT was lost for two minutes.
    [Fact]
    public void DataAloneMovesTheEndpoint() => SimulatedNetwork.RunPair(9, (network, a, b) =>
    {
        Establish(network, a, b);
        a.Address = a.Address with { Port = 40000 };
        Echo(network, a, b);

        Assert.Single(network.Wire, r => r.Type == MessageType.Initiation);
    });

    // GotaTun's audit: plaintext was written before the tag was known to be right.
    [Fact]
    public void WhatDoesNotAuthenticateStaysAsItCame() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        Establish(network, a, b);
        byte[] forged = Seal(a.PeerOf(b).Keypairs.Current!, 9);
        forged[^1] ^= 1;
        byte[] datagram = [.. forged];
        var outbox = new NetworkOutbox(network, b);
        b.Tunnel.ReceiveDatagram(b.Moment, new Endpoint(a.Address), 0, datagram, ref outbox);

        Assert.Equal(forged, datagram);
    });

    // wireguard-go does not copy the ECN field in either direction, so that congestion control inside is blind.
    [Fact]
    public void CongestionMarksPassBothLayers() => SimulatedNetwork.RunPair(11, (network, a, b) =>
    {
        network.DefaultLink = new Link { MarksCongestion = true };
        a.SendTo(b, trafficClass: 2);
        network.Advance(0.1);

        Assert.Equal(3, b.Delivered[0][1] & 3);
    });

    // Firezone and others lost what was queued when a session was renewed under load.
    [Fact]
    public void ARenewalUnderTrafficLosesNothing() => SimulatedNetwork.RunPair(12, (network, a, b) =>
    {
        Establish(network, a, b);
        network.Advance(119);
        for (int i = 0; i < 2000; i++)
        {
            a.SendTo(b);
            b.SendTo(a);
            network.Advance(0.001);
        }

        network.Advance(1);
        Assert.Equal(2, network.Sent(a, MessageType.Initiation).Count);
        Assert.Equal(network.SentPackets, network.DeliveredPackets);
    });

    private static void Establish(SimulatedNetwork network, SimulatedHost a, SimulatedHost b)
    {
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(1, network.DeliveredPackets);
    }

    private static void Echo(SimulatedNetwork network, SimulatedHost a, SimulatedHost b)
    {
        int before = network.DeliveredPackets;
        a.SendTo(b);
        network.Advance(0.1);
        b.SendTo(a);
        network.Advance(0.1);
        Assert.Equal(before + 2, network.DeliveredPackets);
    }

    private static byte[] Seal(Keypair keypair, ulong counter)
    {
        byte[] datagram = new byte[TransportView.MinimumLength];
        TransportView.WriteHeader(datagram, keypair.Remote, counter);
        keypair.Seal(datagram, new PacketSlot[] { new() { Offset = TransportView.HeaderLength, Counter = counter } });
        return datagram;
    }
}
