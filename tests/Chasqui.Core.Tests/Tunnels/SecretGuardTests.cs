using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>Every key that a tunnel keeps is told to its guard. What the pages become is a system test's: SecretsInMemoryTests.</summary>
public sealed class SecretGuardTests
{
    private static readonly Instant Start = new(1_000_000_000);

    [Fact]
    public void PrivateAndPresharedKeysAreGuardedWhereTheyAreKept()
    {
        var guard = new CopyingGuard();
        using var tunnel = new Tunnel(new SeededEntropy(3), guard);
        using var privateKey = PrivateKey.Generate(new SeededEntropy(1));
        using var presharedKey = new PresharedKey(privateKey.DangerousSpan);
        var peer = new PeerChange { PublicKey = new PublicKey(Enumerable.Repeat((byte)9, 32).ToArray()), PresharedKey = presharedKey };

        Assert.True(tunnel.TryApply(new DeviceChange { PrivateKey = privateKey, Peers = [peer] }, Start));

        Assert.Equal(2, guard.Guarded.Count(secret => secret.AsSpan().SequenceEqual(privateKey.DangerousSpan)));
    }

    [Fact]
    public void AHandshakesSecretsAreGuardedBeforeTheyAreFilled()
    {
        var guard = new CopyingGuard();
        using var tunnel = new Tunnel(new SeededEntropy(3), guard);
        using var privateKey = PrivateKey.Generate(new SeededEntropy(1));
        using var other = PrivateKey.Generate(new SeededEntropy(2));
        var peer = new PeerChange
        {
            PublicKey = other.DerivePublicKey(),
            Endpoint = new IpEndpoint(IpAddress.V4(0x7F000001), 1),
            AllowedIps = [new AllowedIpChange(new IpPrefix(IpAddress.V4(0), 0), Remove: false)],
        };
        Assert.True(tunnel.TryApply(new DeviceChange { PrivateKey = privateKey, Peers = [peer] }, Start));
        tunnel.Up(Start);
        guard.Guarded.Clear();
        var outbox = new DiscardingOutbox(new byte[2048]);

        byte[] packet = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        _ = tunnel.SendPacket(Start, packet, ref outbox);
        tunnel.Tick(new Moment(Start, 0), ref outbox);

        Assert.Contains(guard.Guarded, secret => secret.Length == 32 && !secret.AsSpan().ContainsAnyExcept((byte)0)); // static-static
        Assert.Contains(guard.Guarded, secret => secret.Length == 128 && !secret.AsSpan().ContainsAnyExcept((byte)0)); // chaining key, hash, ephemerals
    }

    [Fact]
    public void KeysThatAreKeptForACaptureAreGuarded()
    {
        var guard = new CopyingGuard();
        using var tunnel = new Tunnel(new SeededEntropy(3), guard);

        Assert.NotNull(tunnel.BeginKeyLog(Start, TimeSpan.FromMinutes(1)));

        Assert.Contains(guard.Guarded, secret => secret.Length == KeyLog.Capacity * 3 * 32);
    }

    private readonly struct DiscardingOutbox(byte[] buffer) : IOutbox
    {
        public Span<byte> Reserve(int lengthBytes) => buffer.AsSpan(0, lengthBytes);

        public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass)
        {
        }
    }
}
