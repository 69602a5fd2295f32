using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class UnderLoadScenarioTests
{
    private const int Loaded = ProtocolConstants.UnderLoadQueuedHandshakes;
    private static readonly IpEndpoint Attacker = new(IpAddress.V4(0xCB007109), 666);

    [Fact]
    public void UnderLoadTheInitiatorRetriesWithTheCookieAndGetsIn() => SimulatedNetwork.RunPair(1, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded;
        a.SendTo(b);
        network.Advance(4);
        Assert.Single(network.Sent(b, MessageType.CookieReply));
        Assert.Empty(network.Sent(b, MessageType.Response));
        Assert.True(IsZero(network.Sent(a, MessageType.Initiation)[0].Bytes.AsSpan(^16)));

        network.Advance(2);

        Assert.False(IsZero(network.Sent(a, MessageType.Initiation)[1].Bytes.AsSpan(^16)));
        Assert.Single(network.Sent(b, MessageType.Response));
        Assert.Equal(1, network.DeliveredPackets);
    });

    [Fact]
    public void OneHandshakeBelowTheThresholdNeedsNoCookie() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded - 1;
        a.SendTo(b);
        network.Advance(0.1);

        Assert.Equal(1, network.DeliveredPackets);
        Assert.Empty(network.Sent(b, MessageType.CookieReply));
    });

    [Fact]
    public void AResponseToALoadedInitiatorNeedsACookieToo() => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.QueuedHandshakes = Loaded;
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Single(network.Sent(a, MessageType.CookieReply));
        Assert.Equal(0, network.DeliveredPackets);

        network.Advance(6);
        Assert.Equal(1, network.DeliveredPackets);
    });

    [Fact]
    public void ACookieOfOneAddressIsWorthNothingAtAnother() => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded;
        a.SendTo(b);
        network.Advance(4);
        a.Address = a.Address with { Port = 40000 };
        network.Advance(2);

        Assert.Equal(2, network.Sent(b, MessageType.CookieReply).Count);
        Assert.Empty(network.Sent(b, MessageType.Response));
        network.Advance(5.5);
        Assert.Equal(1, network.DeliveredPackets);
    });

    [Fact]
    public void ACookieReplyCarriesNoMarkAndMovesNothing() => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded;
        a.SendTo(b);
        network.Interceptor = r => r.Type == MessageType.CookieReply;
        network.Advance(1);
        WireRecord reply = network.Sent(b, MessageType.CookieReply)[0];
        Assert.Equal(0, reply.TrafficClass); // the kernel answers strangers without AF41
        Instant deadline = a.Tunnel.NextDeadline;

        Assert.Equal(VerdictKind.Handled, a.Receive(Attacker, reply.Bytes).Kind);
        Assert.Equal(b.Address, a.PeerOf(b).Endpoint.Remote);
        Assert.Equal(deadline, a.Tunnel.NextDeadline);
        Assert.True(a.PeerOf(b).CookieJar.HasCookie(network.Now));
    });

    [Fact]
    public void ForgedCookieRepliesNeverEndAHandshakeOrASession() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        network.Interceptor = r => r.Type == MessageType.Response;
        a.SendTo(b);
        network.Advance(0.1);
        byte[] initiation = network.Sent(a, MessageType.Initiation)[0].Bytes;
        ForgeTo(network, a, initiation, DropReason.InvalidCookieReply);
        network.Interceptor = null;

        // The true response still fits, and once there is a session, its indices are forged upon too.
        a.Receive(b.Address, network.Sent(b, MessageType.Response)[0].Bytes);
        network.Advance(0.1);
        Assert.Equal(1, network.DeliveredPackets);
        ForgeTo(network, a, initiation, DropReason.InvalidCookieReply);
        a.SendTo(b);
        network.Advance(0.1);
        Assert.Equal(2, network.DeliveredPackets);
        Assert.False(a.PeerOf(b).CookieJar.HasCookie(network.Now));
    });

    [Fact]
    public void OneAttackersPrefixDoesNotShutOutTheOthers() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        SimulatedHost attacker = network.AddHost();
        b.QueuedHandshakes = Loaded;
        int limited = 0;
        byte[] cookie = TakeCookie(attacker, b, network);
        for (int i = 0; i < 200; i++)
        {
            limited += b.Receive(attacker.Address, FloodInitiation(b, attacker, cookie)).Reason == DropReason.RateLimited ? 1 : 0;
        }

        Assert.InRange(limited, 194, 196); // five at once
        a.SendTo(b);
        network.Advance(6);
        Assert.Equal(1, network.DeliveredPackets);
    });

    [Fact]
    public void LoadLingersForASecondAndIsThenForgotten() => SimulatedNetwork.RunPair(8, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded;
        b.Receive(Attacker, FloodInitiation(b, a, null));
        b.QueuedHandshakes = 1;
        network.Advance(0.9);
        Assert.Equal(DropReason.CookieRequired, b.Receive(Attacker, FloodInitiation(b, a, null)).Reason);
        network.Advance(0.11);
        Assert.Equal(DropReason.HandshakeAuthenticationFailed, b.Receive(Attacker, FloodInitiation(b, a, null)).Reason);
    });

    [Fact]
    public void AMessageWithAWrongMac1IsNeitherComputedNorAnswered() => SimulatedNetwork.RunPair(9, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded;
        byte[] message = FloodInitiation(b, a, null);
        message[^20] ^= 1;

        Assert.Equal(DropReason.InvalidMac1, b.Receive(Attacker, message).Reason);
        Assert.Empty(network.Wire);
    });

    [Fact]
    public void OnlyAMessageWithOurMac1IsWorthQueueing() => SimulatedNetwork.RunPair(10, (network, a, b) =>
    {
        byte[] message = FloodInitiation(b, a, null);
        Assert.Equal(DropReason.None, b.Tunnel.Screen(message));
        Assert.Equal(DropReason.InvalidMac1, a.Tunnel.Screen(message));
        for (int bit = 0; bit < (message.Length - ProtocolConstants.MacLength) * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(DropReason.InvalidMac1, b.Tunnel.Screen(message));
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        using var none = new PrivateKey(new byte[32]);
        b.Apply(new DeviceChange { PrivateKey = none });
        Assert.Equal(DropReason.None, b.Tunnel.Screen(message)); // without a key nothing can be told of it yet
        Assert.Equal(DropReason.NoPrivateKey, b.Receive(Attacker, message).Reason);
    });

    [Fact]
    public void OnlyAReplyToWhatWasSentIsWorthQueueing() => SimulatedNetwork.RunPair(11, (network, a, b) =>
    {
        b.QueuedHandshakes = Loaded;
        a.SendTo(b);
        network.Advance(0.1);
        byte[] reply = network.Sent(b, MessageType.CookieReply)[0].Bytes;

        Assert.Equal(DropReason.None, a.Tunnel.Screen(reply));
        Assert.Equal(DropReason.NoMatchingHandshake, b.Tunnel.Screen(reply));
        reply[4] ^= 1;
        Assert.Equal(DropReason.NoMatchingHandshake, a.Tunnel.Screen(reply));
    });

    private static void ForgeTo(SimulatedNetwork network, SimulatedHost host, byte[] initiation, DropReason expected)
    {
        byte[] forged = new byte[CookieReplyView.Length];
        for (int i = 0; i < 100; i++)
        {
            network.Random.NextBytes(forged);
            CookieReplyView.Begin(forged, Datagram.ReadIndex(initiation.AsSpan(4)));
            Assert.Equal(expected, host.Receive(Attacker, forged).Reason);
        }
    }

    /// <summary>An initiation with a right mac1 and nothing else: what anybody can make who knows the public key.</summary>
    private static byte[] FloodInitiation(SimulatedHost target, SimulatedHost maker, byte[]? cookie)
    {
        byte[] message = new byte[InitiationView.Length];
        maker.Entropy.Fill(message);
        InitiationView.Begin(message, new SessionIndex(77));
        using var jar = new CookieJar(target.PublicKey);
        jar.AddMacs(message, SimulatedNetwork.Origin);
        if (cookie is not null)
        {
            Blake2s.Mac(cookie, message.AsSpan(..^16), message.AsSpan(^16));
        }

        return message;
    }

    /// <summary>Does what a real host does to learn its cookie, and reads the cookie out of the reply.</summary>
    private static byte[] TakeCookie(SimulatedHost attacker, SimulatedHost target, SimulatedNetwork network)
    {
        byte[] message = FloodInitiation(target, attacker, null);
        Assert.Equal(DropReason.CookieRequired, target.Receive(attacker.Address, message).Reason);
        byte[] reply = network.Sent(target, MessageType.CookieReply)[^1].Bytes;
        byte[] key = new byte[32], cookie = new byte[16];
        PublicKey publicKey = target.PublicKey;
        MacKeys.WriteCookieKey(in publicKey, key);
        Assert.True(CookieReplyView.TryRead(reply, out CookieReplyView view));
        Assert.True(XChaCha20Poly1305.TryOpen(key, view.Nonce, message.AsSpan(^32..^16), view.SealedCookie, cookie));
        return cookie;
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
