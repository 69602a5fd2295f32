using System.Diagnostics.CodeAnalysis;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>The authentic peer of the tunnel under test: what it once sent, and the keys to send anything else.</summary>
/// <remarks>
/// The tunnel under test is seeded, so it gives the same answer to the same initiation each time; one handshake serves for every input.
/// </remarks>
internal sealed class Correspondent
{
    internal static readonly Moment Start = new(new Instant(1_000_000_000_000), 1_700_000_000_000_000_000);
    internal static readonly Endpoint Home = new(new IpEndpoint(IpAddress.V4(0xC0000201), 1000));

    private readonly PrivateKey _key = PrivateKey.Generate(new SeededEntropy(11));
    private readonly PrivateKey _ephemeral = PrivateKey.Generate(new SeededEntropy(12));
    private readonly PrivateKey _tunnelKey = PrivateKey.Generate(new SeededEntropy(21));
    private readonly PublicKey _tunnelPublicKey;
    private readonly byte[] _mac1Key = new byte[ProtocolConstants.KeyLength];
    private readonly Keypair _keypair;

    internal Correspondent()
    {
        PublicKey = _key.DerivePublicKey();
        Silent = PrivateKey.Generate(new SeededEntropy(31)).DerivePublicKey();
        _tunnelPublicKey = _tunnelKey.DerivePublicKey();
        MacKeys.WriteMac1Key(_tunnelPublicKey, _mac1Key);
        (Initiation, Response, _keypair) = ShakeHands();
    }

    internal PublicKey PublicKey { get; }

    /// <summary>Another peer of the tunnel's, which never answers.</summary>
    internal PublicKey Silent { get; }

    /// <summary>The initiation that was accepted.</summary>
    internal byte[] Initiation { get; }

    /// <summary>The answer to it.</summary>
    internal byte[] Response { get; }

    /// <summary>The tunnel's index of the session.</summary>
    internal SessionIndex Session => _keypair.Remote;

    /// <summary>The tunnel under test, as it was before the initiation.</summary>
    internal Tunnel NewTunnel()
    {
        var tunnel = new Tunnel(new SeededEntropy(22));
        tunnel.Up(Start.Now);
        Check.That(tunnel.TryApply(Configuration(replacePeers: false), Start.Now));
        return tunnel;
    }

    internal DeviceChange Configuration(bool replacePeers) => new()
    {
        PrivateKey = _tunnelKey,
        ReplacePeers = replacePeers,
        Peers =
        [
            new PeerChange
            {
                PublicKey = PublicKey,
                PersistentKeepaliveSeconds = 25,
                AllowedIps = [Allow("10.1.0.0/16"), Allow("fd00:1::/32")],
            },
            new PeerChange
            {
                PublicKey = Silent,
                Endpoint = new IpEndpoint(IpAddress.V4(0xC0000203), 3000),
                AllowedIps = [Allow("10.0.0.0/8"), Allow("fd00::/16")],
            },
        ],
    };

    /// <summary>Whether the peer may send from an address; told without the table under test.</summary>
    internal static bool Owns(ReadOnlySpan<byte> packet) =>
        NaiveIp.IsV6(packet) ? packet[8..].StartsWith((ReadOnlySpan<byte>)[0xFD, 0, 0, 1]) : packet[12..].StartsWith((ReadOnlySpan<byte>)[10, 1]);

    /// <summary>A data message of the session, sealed with the session's keys.</summary>
    internal byte[] Seal(ulong counter, ReadOnlySpan<byte> plaintext)
    {
        byte[] datagram = new byte[TransportView.MinimumLength + plaintext.Length];
        TransportView.WriteHeader(datagram, Session, counter);
        plaintext.CopyTo(datagram.AsSpan(TransportView.HeaderLength));
        var slot = new PacketSlot { Offset = TransportView.HeaderLength, Length = plaintext.Length, Counter = counter };
        _keypair.Seal(datagram, new Span<PacketSlot>(ref slot));
        return datagram;
    }

    /// <summary>Puts a right mac1 on a handshake message.</summary>
    internal void AddMac1(Span<byte> message) => Blake2s.Mac(_mac1Key, message[..^32], message[^32..^16]);

    /// <summary>An initiation that is sealed right around any static key and any timestamp.</summary>
    internal byte[] SealInitiation(SessionIndex sender, ReadOnlySpan<byte> staticKey, ReadOnlySpan<byte> timestamp)
    {
        byte[] message = new byte[InitiationView.Length];
        InitiationView view = InitiationView.Begin(message, sender);
        var state = SymmetricState.Begin(_tunnelPublicKey);
        _ephemeral.DerivePublicKey().AsSpan().CopyTo(view.Ephemeral);
        state.MixEphemeral(view.Ephemeral);
        Check.That(state.TryMixDh(_ephemeral.DangerousSpan, _tunnelPublicKey.AsSpan()));
        state.EncryptAndHash(staticKey, view.SealedStatic);
        Check.That(state.TryMixDh(_key.DangerousSpan, _tunnelPublicKey.AsSpan()));
        state.EncryptAndHash(timestamp, view.SealedTimestamp);
        AddMac1(message);
        return message;
    }

    /// <summary>A cookie reply as the silent peer would seal it, to a handshake message that was sent to it.</summary>
    internal byte[] SealCookie(ReadOnlySpan<byte> sentMessage, ReadOnlySpan<byte> cookie, byte nonce)
    {
        byte[] reply = new byte[CookieReplyView.Length];
        CookieReplyView view = CookieReplyView.Begin(reply, Datagram.ReadIndex(sentMessage[Datagram.TypeLength..]));
        view.Nonce.Fill(nonce);
        Span<byte> key = stackalloc byte[ProtocolConstants.KeyLength];
        MacKeys.WriteCookieKey(Silent, key);
        XChaCha20Poly1305.Seal(key, view.Nonce, sentMessage[^32..^16], cookie, view.SealedCookie);
        return reply;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The session outlives the handshake: it is used for every input.")]
    private (byte[] Initiation, byte[] Response, Keypair Keypair) ShakeHands()
    {
        var here = new Tunnel(new SeededEntropy(13));
        using Tunnel there = NewTunnel();
        var outbox = new WatchedOutbox();
        here.Up(Start.Now);
        var peer = new PeerChange { PublicKey = _tunnelPublicKey, Endpoint = Home.Remote, AllowedIps = [Allow("0.0.0.0/0")] };
        Check.That(here.TryApply(new DeviceChange { PrivateKey = _key, Peers = [peer] }, Start.Now));
        byte[] packet = new PacketRecipe().Packet([]);
        here.SendPacket(Start.Now, packet, ref outbox);
        here.Tick(Start, ref outbox);
        byte[] initiation = outbox.Sent[0];
        there.ReceiveDatagram(Start, Home, 0, initiation.ToArray(), ref outbox);
        byte[] response = outbox.Sent[1];
        Check.That(here.ReceiveDatagram(Start, Home, 0, response.ToArray(), ref outbox) == Verdict.Handled);
        Check.That(here.Route(default, packet, out Peer? self) == DropReason.None);
        Check.That(here.TryBeginSend(self!, Start.Now, 1, 0, out SendGrant grant));
        return (initiation, response, grant.Keypair);
    }

    private static AllowedIpChange Allow(string text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) ? new(prefix, false) : throw new ArgumentException(text, nameof(text));
}
