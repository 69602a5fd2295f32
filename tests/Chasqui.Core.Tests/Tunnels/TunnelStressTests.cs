using System.Collections.Concurrent;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Tests.Simulation;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>Senders, receivers, a ticking clock and somebody who changes the configuration, all at once on one pair of tunnels.</summary>
/// <remarks>More changes than usual: set CHASQUI_STRESS to their number.</remarks>
public sealed class TunnelStressTests
{
    private static readonly int Changes =
        int.TryParse(Environment.GetEnvironmentVariable("CHASQUI_STRESS"), out int changes) ? changes : 25;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60 + Changes);

    private readonly ConcurrentQueue<Exception> _failures = new();
    private long _now = SimulatedNetwork.Origin.Nanoseconds;
    private ulong _number;
    private volatile bool _isOver;

    private Moment Now
    {
        get
        {
            long now = Volatile.Read(ref _now);
            return new Moment(new Instant(now), SimulatedNetwork.WallOrigin + now - SimulatedNetwork.Origin.Nanoseconds);
        }
    }

    [Fact]
    public void ManyThreadsAndChangesBreakNothing()
    {
        using var pair = new TunnelPair(new LockedEntropy(1));
        using var a = new StressSide(pair.A, TunnelPair.InnerA, TunnelPair.InnerB, TunnelPair.OuterB);
        using var b = new StressSide(pair.B, TunnelPair.InnerB, TunnelPair.InnerA, TunnelPair.OuterA);
        (a.Other, b.Other) = (b, a);

        Thread[] threads =
        [
            Start(() => Change(pair, a, b)),
            StartLoop(() => TickBoth(a, b)),
            StartLoop(() => a.SendBatch(Now.Now, Interlocked.Increment(ref _number))),
            StartLoop(() => a.SendBatch(Now.Now, Interlocked.Increment(ref _number))),
            StartLoop(() => b.SendBatch(Now.Now, Interlocked.Increment(ref _number))),
            StartLoop(() => a.ReceiveSome(Now)),
            StartLoop(() => b.ReceiveSome(Now)),
            StartLoop(() => b.ReceiveSome(Now)),
        ];
        bool hasEnded = threads.All(t => t.Join(Limit));
        _isOver = true;

        Assert.True(hasEnded, "A thread did not end: a deadlock.");
        Assert.Empty(_failures);
        Assert.True(a.Delivered + b.Delivered > 200, $"Only {a.Delivered} + {b.Delivered} packets came through.");
        AssertUnique(a);
        AssertUnique(b);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{a.Delivered} + {b.Delivered} packets delivered, {a.Nonces.Count} + {b.Nonces.Count} sealed, {(Now.Now - SimulatedNetwork.Origin).TotalSeconds:0} s of virtual time");
    }

    /// <summary>Everything that a user can do to a running tunnel, over and over.</summary>
    private void Change(TunnelPair pair, StressSide a, StressSide b)
    {
        var random = new Random(1);
        for (int i = 0; i < Changes && !_isOver; i++)
        {
            long goal = a.Delivered + b.Delivered + random.Next(30); // let something happen in between, but wait for nothing for ever
            Instant latest = Now.Now + TimeSpan.FromSeconds(8);
            while (a.Delivered + b.Delivered < goal && Now.Now < latest && _failures.IsEmpty)
            {
                Thread.Yield();
            }

            ChangeOnce(pair, random);
        }

        _isOver = true;
    }

    private void ChangeOnce(TunnelPair pair, Random random)
    {
        bool isA = random.Next(2) == 0;
        Tunnel tunnel = isA ? pair.A : pair.B;
        PeerChange add = isA ? pair.ChangeOfB : pair.ChangeOfA;
        Instant now = Now.Now;
        switch (random.Next(7))
        {
            case 0:
                Assert.True(tunnel.TryApply(new DeviceChange { Peers = [new PeerChange { PublicKey = add.PublicKey, Remove = true }] }, now));
                Assert.True(tunnel.TryApply(new DeviceChange { Peers = [add] }, now));
                break;
            case 1:
                tunnel.Down();
                tunnel.Up(now);
                break;
            case 2:
                Assert.True(tunnel.TryApply(new DeviceChange { ReplacePeers = true, Peers = [add] }, now));
                break;
            case 3:
                ChangePresharedKeys(pair, (byte)random.Next(3), now);
                break;
            case 4:
                ushort seconds = (ushort)random.Next(3);
                Assert.True(tunnel.TryApply(
                    new DeviceChange { Peers = [new PeerChange { PublicKey = add.PublicKey, PersistentKeepaliveSeconds = seconds }] }, now));
                break;
            case 5:
                using (tunnel.Snapshot(1, 2))
                {
                    Assert.True(tunnel.PeersWithSource().Count <= 1);
                }

                break;
            default:
                ForgetAndTakeKey(tunnel, isA ? pair.KeyA : pair.KeyB, now);
                break;
        }
    }

    /// <summary>Takes the private key away and gives it back: every session stops sending.</summary>
    private static void ForgetAndTakeKey(Tunnel tunnel, PrivateKey key, Instant now)
    {
        using var none = new PrivateKey(new byte[32]);
        Assert.True(tunnel.TryApply(new DeviceChange { PrivateKey = none }, now));
        Assert.True(tunnel.TryApply(new DeviceChange { PrivateKey = key }, now));
    }

    private static void ChangePresharedKeys(TunnelPair pair, byte value, Instant now)
    {
        byte[] bytes = new byte[32];
        bytes[0] = value;
        using var key = new PresharedKey(bytes);
        PeerChange For(PrivateKey of) => new() { PublicKey = of.DerivePublicKey(), PresharedKey = key };
        Assert.True(pair.A.TryApply(new DeviceChange { Peers = [For(pair.KeyB)] }, now));
        Assert.True(pair.B.TryApply(new DeviceChange { Peers = [For(pair.KeyA)] }, now));
    }

    private void TickBoth(StressSide a, StressSide b)
    {
        Interlocked.Add(ref _now, 2_000_000); // two milliseconds
        a.Tick(Now);
        b.Tick(Now);
        Thread.Yield();
    }

    private static void AssertUnique(StressSide side)
    {
        HashSet<(uint, ulong)> seen = [];
        foreach ((uint receiver, ulong counter) in side.Nonces)
        {
            Assert.True(seen.Add((receiver, counter)), $"Counter {counter} was used twice under index {receiver}.");
        }
    }

    private Thread StartLoop(Action step) => Start(() =>
    {
        while (!_isOver)
        {
            step();
        }
    });

    private Thread Start(Action body)
    {
        var thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception e)
            {
                _failures.Enqueue(e);
                _isOver = true;
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }
}
