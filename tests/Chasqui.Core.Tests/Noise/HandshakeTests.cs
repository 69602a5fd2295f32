using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Noise;

/// <summary>Every byte of both messages, and both keys, against the formulas of the paper.</summary>
public sealed class HandshakeTests
{
    private const long Wall = 1_700_000_000_123_456_789;
    private static readonly Instant Now = new(5_000_000_000);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public void AsInitiatorEveryByteIsThePapers(int seed, bool hasPresharedKey)
    {
        var random = new Random(seed);
        byte[] ours = Key(random), theirs = Key(random), ephemeral = Key(random), presharedKey = hasPresharedKey ? Key(random) : new byte[32];
        using StaticIdentity identity = Identity(ours);
        using var handshake = new Handshake(new PublicKey(Whitepaper.Public(theirs)));
        using var psk = new PresharedKey(presharedKey);
        handshake.SetPresharedKey(psk);
        var entropy = new QueuedEntropy();
        entropy.Add(ephemeral);
        byte[] message = new byte[InitiationView.Length];

        Assert.True(handshake.TryCreateInitiation(identity, Wall, entropy, new SessionIndex(0x01020304), message));
        using (var jar = new CookieJar(new PublicKey(Whitepaper.Public(theirs))))
        {
            jar.AddMacs(message, Now);
        }

        (byte[] expected, byte[] c, byte[] h) = Whitepaper.Initiation(ours, ephemeral, Whitepaper.Public(theirs), Stamp(), 0x01020304);
        Assert.Equal(expected, message);

        (byte[] response, byte[] finalC) = Whitepaper.Response(c, h, message, Whitepaper.Public(ours), Key(random), presharedKey, 77);
        Assert.True(ResponseView.TryRead(response, out ResponseView view));
        Assert.Equal(DropReason.None, handshake.ConsumeResponse(identity, view));
        AssertKeys(handshake, finalC, isInitiator: true, remote: 77);
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(9, true)]
    [InlineData(10, true)]
    public void AsResponderEveryByteIsThePapers(int seed, bool hasPresharedKey)
    {
        var random = new Random(seed);
        byte[] ours = Key(random), theirs = Key(random), ephemeral = Key(random), presharedKey = hasPresharedKey ? Key(random) : new byte[32];
        using StaticIdentity identity = Identity(ours);
        using var handshake = new Handshake(new PublicKey(Whitepaper.Public(theirs)));
        using var psk = new PresharedKey(presharedKey);
        handshake.SetPresharedKey(psk);
        byte[] theirEphemeral = Key(random);
        (byte[] initiation, byte[] c, byte[] h) = Whitepaper.Initiation(theirs, theirEphemeral, Whitepaper.Public(ours), Stamp(), 99);
        var entropy = new QueuedEntropy();
        entropy.Add(ephemeral);

        Assert.Equal(DropReason.None, Consume(identity, handshake, initiation, Now, out PublicKey sender));
        Assert.Equal(Whitepaper.Public(theirs), sender.AsSpan().ToArray());
        byte[] message = new byte[ResponseView.Length];
        Assert.True(handshake.TryCreateResponse(entropy, new SessionIndex(0xA0B0C0D0), message));
        using (var jar = new CookieJar(new PublicKey(Whitepaper.Public(theirs))))
        {
            jar.AddMacs(message, Now);
        }

        (byte[] expected, byte[] finalC) = Whitepaper.Response(
            c, h, initiation, Whitepaper.Public(theirs), ephemeral, presharedKey, 0xA0B0C0D0);
        Assert.Equal(expected, message);
        Assert.Equal(finalC, Whitepaper.ReadResponse(message, c, h, theirs, theirEphemeral, presharedKey));
        AssertKeys(handshake, finalC, isInitiator: false, remote: 99);
    }

    [Fact]
    public void OneWrongBitAnywhereChangesNothing()
    {
        var random = new Random(11);
        byte[] ours = Key(random), theirs = Key(random);
        using StaticIdentity identity = Identity(ours);
        using var handshake = new Handshake(new PublicKey(Whitepaper.Public(theirs)));
        (byte[] initiation, _, _) = Whitepaper.Initiation(theirs, Key(random), Whitepaper.Public(ours), Stamp(), 99);
        for (int bit = 8 * 8; bit < 116 * 8; bit += 3) // from the ephemeral to the end of the timestamp
        {
            byte[] forged = [.. initiation];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            bool isTopBit = bit == (39 * 8) + 7; // RFC 7748 ignores it in the DH, but the hash does not
            DropReason reason = Consume(identity, handshake, forged, Now, out _);
            Assert.True(reason != DropReason.None || isTopBit, $"bit {bit}");
            Assert.Equal(HandshakeState.Zeroed, handshake.State);
        }

        Assert.Equal(DropReason.None, Consume(identity, handshake, initiation, Now, out _));
    }

    [Fact]
    public void ATimestampMustBeLaterThanEveryOneBefore()
    {
        var random = new Random(12);
        byte[] ours = Key(random), theirs = Key(random);
        using StaticIdentity identity = Identity(ours);
        using var handshake = new Handshake(new PublicKey(Whitepaper.Public(theirs)));
        DropReason At(long wall, Instant now)
        {
            byte[] stamp = new byte[12];
            Tai64n.Write(wall, stamp);
            byte[] message = Whitepaper.Initiation(theirs, Key(random), Whitepaper.Public(ours), stamp, 99).Message;
            return Consume(identity, handshake, message, now, out _);
        }

        Assert.Equal(DropReason.None, At(Wall, Now));
        Assert.Equal(DropReason.ReplayedTimestamp, At(Wall, Now + TimeSpan.FromSeconds(1)));
        Assert.Equal(DropReason.ReplayedTimestamp, At(Wall - 1_000_000_000, Now + TimeSpan.FromSeconds(1)));
        Assert.Equal(DropReason.InitiationFlood, At(Wall + Tai64n.StepNanoseconds, Now + TimeSpan.FromMilliseconds(19.9999)));
        Assert.Equal(DropReason.None, At(Wall + Tai64n.StepNanoseconds, Now + TimeSpan.FromMilliseconds(20)));
        handshake.Clear();
        Assert.Equal(DropReason.ReplayedTimestamp, At(Wall, Now + TimeSpan.FromSeconds(2))); // clearing forgets no timestamp
    }

    [Fact]
    public void AResponseWithALowOrderEphemeralIsRefused()
    {
        var random = new Random(13);
        byte[] ours = Key(random), theirs = Key(random);
        using StaticIdentity identity = Identity(ours);
        using var handshake = new Handshake(new PublicKey(Whitepaper.Public(theirs)));
        byte[] message = new byte[InitiationView.Length];
        Assert.True(handshake.TryCreateInitiation(identity, Wall, new SeededEntropy(1), new SessionIndex(1), message));
        byte[] response = new byte[ResponseView.Length];
        ResponseView view = ResponseView.Begin(response, new SessionIndex(2), new SessionIndex(1)); // its ephemeral is zero

        Assert.Equal(DropReason.LowOrderPublicKey, handshake.ConsumeResponse(identity, view));
        Assert.Equal(HandshakeState.CreatedInitiation, handshake.State);
    }

    [Fact]
    public void StepsOutOfOrderAreRefused()
    {
        using StaticIdentity identity = Identity(Key(new Random(14)));
        using var handshake = new Handshake(new PublicKey(Key(new Random(15))));
        byte[] response = new byte[ResponseView.Length];
        ResponseView view = ResponseView.Begin(response, new SessionIndex(2), new SessionIndex(1));
        Span<byte> sending = stackalloc byte[32], receiving = stackalloc byte[32];

        Assert.Equal(DropReason.NoMatchingHandshake, handshake.ConsumeResponse(identity, view));
        Assert.False(handshake.TryCreateResponse(new SeededEntropy(1), new SessionIndex(1), response));
        Assert.False(handshake.TryDeriveKeys(sending, receiving, out _, out _));
    }

    private static void AssertKeys(Handshake handshake, byte[] c, bool isInitiator, uint remote)
    {
        byte[] sending = new byte[32], receiving = new byte[32];
        Assert.True(handshake.TryDeriveKeys(sending, receiving, out SessionIndex index, out bool wasInitiator));
        (byte[] toResponder, byte[] toInitiator) = Whitepaper.TransportKeys(c);
        Assert.Equal(isInitiator, wasInitiator);
        Assert.Equal(isInitiator ? toResponder : toInitiator, sending);
        Assert.Equal(isInitiator ? toInitiator : toResponder, receiving);
        Assert.Equal(remote, index.Value);
        Assert.Equal(HandshakeState.Zeroed, handshake.State);
    }

    private static DropReason Consume(StaticIdentity identity, Handshake handshake, byte[] message, Instant now, out PublicKey sender)
    {
        Assert.True(InitiationView.TryRead(message, out InitiationView view));
        ReceivedInitiation first = default;
        DropReason reason = first.TryRead(identity, view);
        sender = first.RemoteStatic;
        reason = reason == DropReason.None ? handshake.ConsumeInitiation(identity, now, ref first, view) : reason;
        first.Dispose();
        return reason;
    }

    private static StaticIdentity Identity(byte[] key)
    {
        using var privateKey = new PrivateKey(key);
        return new StaticIdentity(privateKey);
    }

    private static byte[] Key(Random random)
    {
        byte[] key = new byte[32];
        random.NextBytes(key);
        return key;
    }

    private static byte[] Stamp()
    {
        byte[] stamp = new byte[12];
        Tai64n.Write(Wall, stamp);
        return stamp;
    }
}
