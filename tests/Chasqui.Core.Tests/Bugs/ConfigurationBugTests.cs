using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Sessions;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Bugs;

/// <summary>Bugs of changing a running tunnel that other implementations shipped, each as the test that would have caught it.</summary>
public sealed class ConfigurationBugTests
{
    // boringtun sets a preshared key at creation only and cannot remove it; GotaTun before 0.7.2 did not apply a change.
    [Fact]
    public void APresharedKeyChangesAndGoesAtTheNextHandshake() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        foreach (byte value in (byte[])[1, 2, 0])
        {
            using PresharedKey key = Key(value);
            a.Apply(new PeerChange { PublicKey = b.PublicKey, PresharedKey = key });
            b.Apply(new PeerChange { PublicKey = a.PublicKey, PresharedKey = key });
            using (DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0))
            {
                Assert.Equal(value != 0, snapshot.Peers[0].PresharedKey is not null);
            }

            network.Advance(200);
            int before = network.DeliveredPackets;
            a.SendTo(b);
            network.Advance(1);
            Assert.Equal(before + 1, network.DeliveredPackets);
        }
    });

    // boringtun's parser carried a preshared key, an endpoint and a keepalive over to the peers that followed in one message.
    [Fact]
    public void WhatIsSetOnOnePeerDoesNotLeakToTheNext() => SimulatedNetwork.Run(2, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost(), c = network.AddHost();
        using PresharedKey key = Key(1);
        a.Apply(
            new PeerChange { PublicKey = b.PublicKey, PresharedKey = key, Endpoint = b.Address, PersistentKeepaliveSeconds = 25 },
            new PeerChange { PublicKey = c.PublicKey });
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0);

        Assert.NotNull(snapshot.Peers[0].PresharedKey);
        Assert.Null(snapshot.Peers[1].PresharedKey);
        Assert.True(snapshot.Peers[1].Endpoint.IsNone);
        Assert.Equal(0, snapshot.Peers[1].PersistentKeepaliveSeconds);
    });

    // boringtun panics when a peer is changed; GotaTun removes it and adds it anew, and its session and counters are gone.
    [Fact]
    public void AChangedPeerKeepsItsSessionAndItsCounters() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        Peer peer = a.PeerOf(b);
        Keypair? keypair = peer.Keypairs.Current;
        ulong sent = peer.SentBytes;
        a.Connect(b, keepalive: 25);

        Assert.Same(peer, a.PeerOf(b));
        Assert.Same(keypair, peer.Keypairs.Current);
        Assert.Equal(sent, peer.SentBytes);
        a.SendTo(b);
        network.Advance(0.05);
        Assert.Equal(2, network.DeliveredPackets);
    });

    // boringtun and GotaTun wait a whole interval before the first keepalive after it was turned on.
    [Fact]
    public void TurningPersistentKeepaliveOnSendsOneAtOnce() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.Apply(new PeerChange { PublicKey = b.PublicKey, PersistentKeepaliveSeconds = 3600 });
        network.Advance(0.1);

        Assert.Single(network.Sent(a, MessageType.Transport));
    });

    // boringtun fails when a peer comes before the private key.
    [Fact]
    public void ThePrivateKeyMayComeAfterThePeers() => SimulatedNetwork.Run(5, network =>
    {
        SimulatedHost b = network.AddHost();
        using var tunnel = new Tunnel(new SeededEntropy(9));
        tunnel.Up(network.Now);
        tunnel.TryApply(new DeviceChange { Peers = [new PeerChange { PublicKey = b.PublicKey, Endpoint = b.Address }] }, network.Now);
        using PrivateKey key = PrivateKey.Generate(new SeededEntropy(10));

        Assert.True(tunnel.TryApply(new DeviceChange { PrivateKey = key }, network.Now));
        using DeviceSnapshot snapshot = tunnel.Snapshot(0, 0);
        Assert.Single(snapshot.Peers);
    });

    // The same public key twice in one message is an error in GotaTun; wireguard-go and the kernel take the parts in order.
    [Fact]
    public void APeerMayOccurTwiceInOneChange() => SimulatedNetwork.Run(6, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Apply(
            new PeerChange { PublicKey = b.PublicKey, AllowedIps = [new(new IpPrefix(b.Inner, 32), false)] },
            new PeerChange { PublicKey = b.PublicKey, Remove = true },
            new PeerChange { PublicKey = b.PublicKey, AllowedIps = [new(new IpPrefix(b.InnerV6, 128), false)] });
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0);

        Assert.Equal([new IpPrefix(b.InnerV6, 128)], Assert.Single(snapshot.Peers).AllowedIps);
    });

    // boringtun ignores replace_allowed_ips and cannot take a single one away.
    [Fact]
    public void AllowedAddressesAreReplacedAndTakenAway() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        a.Apply(new PeerChange { PublicKey = b.PublicKey, AllowedIps = [new(new IpPrefix(b.Inner, 32), true)] });
        Assert.Equal(DropReason.NoPeerForDestination, a.SendTo(b).Reason);
        Assert.Equal(DropReason.None, a.SendTo(b, isV6: true).Reason);

        a.Apply(new PeerChange { PublicKey = b.PublicKey, ReplaceAllowedIps = true });
        Assert.Equal(DropReason.NoPeerForDestination, a.SendTo(b, isV6: true).Reason);
    });

    private static PresharedKey Key(byte value)
    {
        byte[] bytes = new byte[32];
        bytes[31] = value;
        return new PresharedKey(bytes);
    }
}
