using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class HandshakeScenarioTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void AHandshakeSucceedsUnderLossOf30Percent(int seed) => SimulatedNetwork.RunPair(seed, (network, a, b) =>
    {
        network.DefaultLink = new Link { Loss = 0.3 };
        a.SendTo(b);
        network.Advance(90);
        a.SendTo(b);
        network.Advance(20);

        network.Check(network.DeliveredPackets > 0, "Nothing came through in 110 s.");
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItsSecretsAreZeroWhenItEndsWellOrBadly(bool endsWell) => SimulatedNetwork.RunPair(18, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Response;
        a.SendTo(b);
        network.Advance(0.1);
        Peer peer = a.PeerOf(b);
        Assert.Equal(HandshakeState.CreatedInitiation, peer.Handshake.State);
        Span<byte> secrets = AllSecretsOf(peer.Handshake);
        for (int at = 0; at < 96; at += 32)
        {
            Assert.False(SecretMemory.IsZero(secrets.Slice(at, 32))); // chaining key, hash, ephemeral private key
        }

        if (endsWell)
        {
            network.Interceptor = null;
            network.Advance(10);
            Assert.NotNull(peer.Keypairs.Current);
        }
        else
        {
            a.Remove(b);
        }

        Assert.True(SecretMemory.IsZero(secrets));
    });

    [Fact]
    public void TheResponderSendsNoDataBeforeTheInitiatorDoes() => SimulatedNetwork.RunPair(21, (network, a, b) =>
    {
        // The initiator's first data (its confirmation) is lost; the responder has data to send all the time.
        network.Interceptor = r => r.Sender == a && r.Type == MessageType.Transport;
        a.SendTo(b);
        for (int i = 0; i < 40; i++)
        {
            network.Advance(0.1);
            b.SendTo(a);
        }

        Assert.Single(network.Sent(b, MessageType.Response));
        Assert.Empty(network.Sent(b, MessageType.Transport));
        Assert.NotNull(b.PeerOf(a).Keypairs.Next);
        Assert.Null(b.PeerOf(a).Keypairs.Current);
    });

    [Fact]
    public void TheFirstDataPacketPromotesTheNextKeypairAndReleasesWhatWaited() => SimulatedNetwork.RunPair(22, (network, a, b) =>
    {
        network.Interceptor = r => r.Sender == a && r.Type == MessageType.Transport;
        a.SendTo(b);
        network.Advance(0.1);
        b.SendTo(a);
        network.Advance(0.1);
        Assert.Empty(network.Sent(b, MessageType.Transport));

        network.Interceptor = null;
        a.SendTo(b);
        network.Advance(0.1);

        Assert.NotNull(b.PeerOf(a).Keypairs.Current);
        Assert.Null(b.PeerOf(a).Keypairs.Next);
        Assert.Single(network.Sent(b, MessageType.Transport));
        Assert.Single(a.Delivered);
    });

    [Fact]
    public void TheInitiatorConfirmsWithAKeepaliveIfItHasNothingElseToSend() => SimulatedNetwork.RunPair(23, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        network.Wire.Clear();
        network.Advance(119.95);
        a.SendTo(b); // past Rekey-After-Time: renews
        network.Advance(1);

        Assert.Single(network.Sent(a, MessageType.Initiation));
        Assert.Single(network.Sent(a, MessageType.Transport), r => r.IsKeepalive);
    });

    /// <summary>Both begin at once. Over the delays of a real network both answer, and neither's response fits any more.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(600)]
    [InlineData(1200)]
    public void SimultaneousInitiationsEndInASession(int delayMilliseconds)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            SimulatedNetwork.RunPair(seed, (network, a, b) =>
            {
                network.DefaultLink = new Link { Delay = TimeSpan.FromMilliseconds(delayMilliseconds) };
                a.SendTo(b);
                b.SendTo(a);
                network.Advance(60);

                network.Check(network.DeliveredPackets == 2, $"{network.DeliveredPackets} of 2 packets came through.");
            });
        }
    }

    /// <summary>As above, with a stream from both sides that begins at the same instant: every packet asks for a handshake.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(400)]
    public void SimultaneousStreamsEndInASession(int delayMilliseconds)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            SimulatedNetwork.RunPair(seed, (network, a, b) =>
            {
                network.DefaultLink = new Link { Delay = TimeSpan.FromMilliseconds(delayMilliseconds) };
                for (int i = 0; i < 2500 && network.DeliveredPackets == 0; i++)
                {
                    a.SendTo(b);
                    b.SendTo(a);
                    network.Advance(0.01);
                }

                network.Check(network.DeliveredPackets > 0, "Nothing came through in 25 s.");
            });
        }
    }

    [Fact]
    public void AnInitiationIsSentAgainAfterFiveSecondsAndAThirdOfJitter()
    {
        List<double> gaps = [];
        for (int seed = 0; seed < 10; seed++)
        {
            SimulatedNetwork.RunPair(seed, (network, a, b) =>
            {
                network.DefaultLink = new Link { IsCut = true };
                a.SendTo(b);
                network.Advance(60);
                List<WireRecord> sent = network.Sent(a, MessageType.Initiation);
                gaps.AddRange(sent.Skip(1).Zip(sent, (later, earlier) => (later.At - earlier.At).TotalSeconds));
            });
        }

        Assert.All(gaps, gap => Assert.InRange(gap, 5.0, 5.334));
        Assert.True(gaps.Max() - gaps.Min() > 0.25, "The jitter is not spread.");
        Assert.Equal(gaps.Count, gaps.Distinct().Count());
    }

    /// <summary>The kernel counts 18 retries from zero and looks before it counts: 20 initiations in all, then it gives up.</summary>
    [Fact]
    public void AfterTheLastRetryWhatWaitsIsDroppedAndTheNextPacketStartsOver() => SimulatedNetwork.RunPair(31, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        a.SendTo(b);
        a.SendTo(b);
        network.Advance(400);

        Assert.Equal(ProtocolConstants.MaxHandshakeRetries + 2, network.Sent(a, MessageType.Initiation).Count);
        Assert.Equal(2, a.Tunnel.Drops[DropReason.HandshakeTimedOut]);
        Assert.Null(a.PeerOf(b).Staged);

        network.DefaultLink = Link.Perfect;
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(1, network.DeliveredPackets);
    });

    [Fact]
    public void APacketDuringTheRetriesStartsTheCountAnew() => SimulatedNetwork.RunPair(32, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        for (int i = 0; i < 20; i++)
        {
            a.SendTo(b);
            network.Advance(10);
        }

        Assert.Equal(0, a.Tunnel.Drops[DropReason.HandshakeTimedOut]);
        Assert.InRange(network.Sent(a, MessageType.Initiation).Count, 36, 41);
    });

    [Fact]
    public void StagedPacketsKeepTheirOrderAndTheOldestGoFirst() => SimulatedNetwork.RunPair(33, (network, a, b) =>
    {
        network.DefaultLink = new Link { IsCut = true };
        List<ulong> numbers = [];
        for (int i = 0; i < ProtocolConstants.MaxStagedPackets + 10; i++)
        {
            a.SendTo(b);
            numbers.Add(network.LastNumber);
        }

        network.Advance(1);
        Assert.Equal(10, a.Tunnel.Drops[DropReason.StagedQueueFull]);
        network.DefaultLink = Link.Perfect;
        network.Advance(10);

        Assert.Equal(numbers[10..].Select(n => (ulong?)n), b.Delivered.Select(p => InnerPacket.NumberOf(p)));
    });

    [Fact]
    public void NothingIsSentToAPeerWithoutAnEndpointUntilItSpeaks() => SimulatedNetwork.Run(34, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Connect(b);
        b.Connect(a, hasEndpoint: false, keepalive: 5);

        Assert.Equal(DropReason.NoEndpoint, b.SendTo(a).Reason);
        network.Advance(60);
        Assert.Empty(network.Wire);
        Assert.Equal(Instant.Never, b.Tunnel.NextDeadline);

        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(VerdictKind.Handled, b.SendTo(a).Kind);
        network.Advance(0.1);
        Assert.Equal(2, network.DeliveredPackets);
    });

    [Fact]
    public void WithoutAPrivateKeyNothingIsSentOrAnsweredAndWhatWaitsGoesOutWithTheKey() => SimulatedNetwork.Run(35, network =>
    {
        SimulatedHost a = network.AddHost(), b = network.AddHost();
        a.Connect(b);
        b.Connect(a);
        PrivateKey key = a.Key;
        using var none = new PrivateKey(new byte[32]);
        a.Tunnel.TryApply(new DeviceChange { PrivateKey = none }, network.Now);

        a.SendTo(b);
        b.SendTo(a);
        network.Advance(4);
        Assert.Empty(network.Sent(a, MessageType.Initiation));
        Assert.Empty(network.Sent(a, MessageType.Response));
        Assert.Equal(1, a.Tunnel.Drops[DropReason.NoPrivateKey]);

        a.Apply(new DeviceChange { PrivateKey = key });
        network.Advance(0.1);
        network.Check(network.IsDelivered(1), "What waited for the key did not go out.");
    });

    /// <summary>The memory of a handshake under way: chaining key, hash, ephemeral private key, the other's ephemeral public one.</summary>
    private static Span<byte> AllSecretsOf(Handshake handshake)
    {
        const int OffsetOfEphemeral = 64;
        const int Length = 128;
        // SAFETY: the ephemeral key lies 64 bytes into one array of 128, which the span keeps alive.
        return MemoryMarshal.CreateSpan(ref Unsafe.Subtract(ref MemoryMarshal.GetReference(handshake.EphemeralPrivate), OffsetOfEphemeral), Length);
    }
}
