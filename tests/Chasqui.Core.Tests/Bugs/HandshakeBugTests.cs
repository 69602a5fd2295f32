using Chasqui.Core.Config;
using Chasqui.Core.DoS;
using Chasqui.Core.Noise;
using Chasqui.Core.Tests.Noise;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Bugs;

/// <summary>Bugs of handshakes and their defences that other implementations shipped, each as the test that would have caught it.</summary>
public sealed class HandshakeBugTests
{
    private static readonly IpEndpoint Attacker = new(IpAddress.V4(0xCB007109), 666);

    // boringtun 0.7.1 limits the whole device to 100 handshakes a second; Firezone's users were locked out (firezone#13811).
    [Fact]
    public void AFloodOfHandshakesFromStrangersDoesNotBlockAPeer() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        SimulatedHost stranger = network.AddHost();
        stranger.Connect(b);
        stranger.SendTo(b);
        network.Advance(0.01);
        for (int i = 0; i < 1000; i++)
        {
            b.Receive(Attacker, network.Sent(stranger, MessageType.Initiation)[0].Bytes);
        }

        a.SendTo(b);
        network.Advance(0.1);
        Assert.Single(b.Delivered);
    });

    // boringtun, and GotaTun before 0.6.0, make cookies from the address without the port.
    [Fact]
    public void ACookieIsBoundToThePort() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        b.QueuedHandshakes = ProtocolConstants.UnderLoadQueuedHandshakes;
        a.SendTo(b);
        network.Advance(1);
        network.Interceptor = r => r.Type == MessageType.Initiation;
        network.Advance(5);
        byte[] withCookie = network.Sent(a, MessageType.Initiation)[1].Bytes;

        Assert.Equal(DropReason.CookieRequired, b.Receive(a.Address with { Port = 1 }, withCookie).Reason);
        Assert.Equal(DropReason.None, b.Receive(a.Address, withCookie).Reason);
    });

    // boringtun and GotaTun have no token bucket: whoever holds a cookie may send handshakes without end.
    [Fact]
    public void ACookieIsNoLicenceToFlood() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        b.QueuedHandshakes = ProtocolConstants.UnderLoadQueuedHandshakes;
        a.SendTo(b);
        network.Advance(1);
        network.Interceptor = r => r.Type == MessageType.Initiation;
        network.Advance(5);
        byte[] withCookie = network.Sent(a, MessageType.Initiation)[1].Bytes;
        int limited = Enumerable.Range(0, 50).Count(_ => b.Receive(a.Address, withCookie).Reason == DropReason.RateLimited);

        Assert.Equal(50 - ProtocolConstants.HandshakeBurstPerSource, limited);
    });

    // Forged cookie replies or responses cancelled a pending handshake in early implementations (amneziawg-go#87 is of this kind).
    [Fact]
    public void AForgedReplyDoesNotCancelThePendingHandshake() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Response;
        a.SendTo(b);
        network.Advance(0.1);
        byte[] response = network.Sent(b, MessageType.Response)[0].Bytes;
        foreach (int at in (int[])[12, 44, 59, 60, 75])
        {
            byte[] forged = [.. response];
            forged[at] ^= 1;
            Assert.Equal(VerdictKind.Dropped, a.Receive(Attacker, forged).Kind);
            Assert.Equal(HandshakeState.CreatedInitiation, a.PeerOf(b).Handshake.State);
        }

        Assert.Equal(DropReason.None, a.Receive(b.Address, response).Reason);
    });

    // wireguard-go before c7b76d3 (2023-02) accepted an all-zero Diffie-Hellman result in responses.
    [Fact]
    public void AnAllZeroResultInAResponseIsRefused() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Initiation;
        a.SendTo(b);
        network.Advance(0.1);
        byte[] response = new byte[ResponseView.Length];
        ResponseView.Begin(response, new SessionIndex(5), a.PeerOf(b).Handshake.LocalIndex!.Value); // the ephemeral stays zero
        using (var jar = new CookieJar(a.PublicKey))
        {
            jar.AddMacs(response, network.Now);
        }

        Assert.Equal(DropReason.LowOrderPublicKey, a.Receive(b.Address, response).Reason);
        Assert.Empty(network.Sent(a, MessageType.Transport));
    });

    // The same on the other side: boringtun and GotaTun have no contributory check in initiations either.
    [Fact]
    public void AnAllZeroResultInAnInitiationIsRefused() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        byte[] initiation = new byte[InitiationView.Length];
        InitiationView.Begin(initiation, new SessionIndex(5));
        using (var jar = new CookieJar(b.PublicKey))
        {
            jar.AddMacs(initiation, network.Now);
        }

        Assert.Equal(DropReason.LowOrderPublicKey, b.Receive(a.Address, initiation).Reason);
        Assert.Empty(network.Wire);
    });

    // boringtun and GotaTun send timestamps with all their nanoseconds, which tells an observer of load and clock.
    [Fact]
    public void TimestampsAreWhitened() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        for (int i = 0; i < 5; i++)
        {
            network.Advance(6.123456);
            a.Tunnel.Down();
            a.Tunnel.Up(network.Now);
            a.SendTo(b);
            network.Advance(0.01);
        }

        foreach (WireRecord record in network.Sent(a, MessageType.Initiation))
        {
            byte[] stamp = Whitepaper.ReadInitiation(record.Bytes, b.Key.DangerousSpan.ToArray()).Timestamp;
            Assert.Equal(0, stamp[11]);
            Assert.Equal(0, stamp[10]);
            Assert.Equal(0, stamp[9]);
        }
    });

    // boringtun accepts as many initiations from one peer as come.
    [Fact]
    public void OnePeersInitiationsKeepADistance() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Initiation;
        for (int i = 0; i < 2; i++)
        {
            a.Tunnel.Down();
            a.Tunnel.Up(network.Now);
            a.WallOffset += TimeSpan.FromSeconds(1);
            a.SendTo(b);
            network.Advance(0.001);
        }

        List<WireRecord> sent = network.Sent(a, MessageType.Initiation);
        Assert.Equal(DropReason.None, b.Receive(a.Address, sent[0].Bytes).Reason);
        Assert.Equal(DropReason.InitiationFlood, b.Receive(a.Address, sent[1].Bytes).Reason);
    });

    // boringtun retransmits without jitter, so that a thousand clients of a restarted server come back in step.
    [Fact]
    public void PeersThatBeganTogetherDoNotRetransmitTogether() => SimulatedNetwork.Run(9, network =>
    {
        SimulatedHost hub = network.AddHost();
        SimulatedHost[] clients = [.. Enumerable.Range(0, 20).Select(_ => network.AddHost())];
        network.DefaultLink = new Link { IsCut = true };
        foreach (SimulatedHost client in clients)
        {
            client.Connect(hub);
            client.SendTo(hub);
        }

        network.Advance(6);
        Assert.Equal(20, clients.Select(c => network.Sent(c, MessageType.Initiation)[1].At).Distinct().Count());
    });

    // boringtun's and early GotaTun's session indices came from a shift register: an observer could predict and link them (audit 3.2).
    [Fact]
    public void SessionIndicesComeFromTheEntropySource() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        network.Advance(60);
        uint[] indices = [.. network.Sent(a, MessageType.Initiation).Select(r => Datagram.ReadIndex(r.Bytes.AsSpan(4)).Value)];

        Assert.Equal(indices.Length, indices.Distinct().Count());
        Assert.True(indices.Select(i => i >> 24).Distinct().Count() > indices.Length / 2, "The top bytes repeat.");
        Assert.True(indices.Select(i => i & 255).Distinct().Count() > indices.Length / 2, "The low bytes repeat.");
        Assert.Equal(1, a.Tunnel.SessionIndices); // and the old ones are free again
    });

    // CVE-2021-46873: a clock set ahead once (by forged NTP) makes every later initiation a replay. The peer can be added anew.
    [Fact]
    public void AKeyBurntByAFutureClockIsGoodAgainForAPeerAddedAnew() => SimulatedNetwork.RunPair(11, (network, a, b) =>
    {
        a.WallOffset = TimeSpan.FromDays(3650);
        a.SendTo(b);
        network.Advance(0.1);
        a.WallOffset = TimeSpan.Zero;
        network.Advance(700);
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Single(b.Delivered);
        Assert.True(b.Tunnel.Drops[DropReason.ReplayedTimestamp] > 0); // and the counter says why

        b.Remove(a);
        b.Connect(a);
        network.Advance(6);
        Assert.Equal(2, b.Delivered.Count);
    });

    // wireguard-go takes its own public key as a peer for a silent dummy.
    [Fact]
    public void OurOwnKeyIsNoPeer() => SimulatedNetwork.Run(12, network =>
    {
        SimulatedHost a = network.AddHost();
        a.Connect(a);
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0);

        Assert.Empty(snapshot.Peers);
    });
}
