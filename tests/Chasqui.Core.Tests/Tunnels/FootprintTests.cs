using System.Diagnostics;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>What a peer that only exists costs.</summary>
[Collection(nameof(AloneOnTheHeap))]
public sealed class FootprintTests
{
    private const int Peers = 10_000;

    // The bar for the whole daemon is 2 KiB; the core alone must leave room.
    private const long MaxBytesPerPeer = 1024;

    [Fact]
    public void TenThousandIdlePeersCostLittleMemoryAndTime()
    {
        var entropy = new SeededEntropy(1);
        using PrivateKey key = PrivateKey.Generate(entropy);
        using var tunnel = new Tunnel(entropy);
        Assert.True(tunnel.TryApply(new DeviceChange { PrivateKey = key }, new Instant(0)));
        tunnel.Up(new Instant(0));
        DeviceChange change = MakeChange(entropy);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        Assert.True(tunnel.TryApply(change, new Instant(0)));
        clock.Stop();
        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Peers;
        GC.KeepAlive(change);

        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a peer, {clock.Elapsed.TotalMilliseconds:0} ms for {Peers}");
        Assert.Equal(Instant.Never, tunnel.NextDeadline);
        Assert.True(bytes <= MaxBytesPerPeer, $"{bytes} bytes a peer");
    }

    private static DeviceChange MakeChange(SeededEntropy entropy)
    {
        var peers = new List<PeerChange>(Peers);
        byte[] key = new byte[32];
        for (int i = 0; i < Peers; i++)
        {
            entropy.Fill(key);
            peers.Add(new PeerChange
            {
                PublicKey = new PublicKey(key),
                Endpoint = new IpEndpoint(IpAddress.V4((uint)i), 51820),
                ReplaceAllowedIps = true,
                AllowedIps = [new AllowedIpChange(new IpPrefix(IpAddress.V4(0x0A000000u + (uint)i), 32), false)],
            });
        }

        return new DeviceChange { Peers = peers };
    }
}
