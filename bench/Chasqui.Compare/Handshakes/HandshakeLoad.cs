using System.Globalization;
using System.Text;
using Chasqui.Core;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Compare.Handshakes;

/// <summary>Valid initiations of many peers to one responder, made before any clock starts, and the responder's configuration.</summary>
/// <remarks>
/// Everything follows from seeds, so the state in which an initiation left its sender can be made again, to see whether an answer to it is
/// authentic. Peers' timestamps grow from round to round; between two initiations of a peer lie all the other peers', which keeps them
/// further apart than the 20 ms that a responder asks for. A message's number, round by round, is also its sender index.
/// </remarks>
internal sealed class HandshakeLoad : IDisposable
{
    private const int ResponderSeed = int.MaxValue;
    private const long NanosecondsPerRound = 100_000_000;

    private readonly long _firstUnixNanoseconds;
    private readonly StaticIdentity _responder;
    private readonly StaticIdentity[] _peers;
    private readonly byte[] _messages;

    /// <summary>Makes the keys and the messages: three Diffie-Hellmans each.</summary>
    /// <param name="peers">How many peers.</param>
    /// <param name="rounds">How many initiations of each.</param>
    /// <param name="unixNanoseconds">The first round's wall time.</param>
    public HandshakeLoad(int peers, int rounds, long unixNanoseconds)
    {
        _firstUnixNanoseconds = unixNanoseconds;
        _responder = Identity(ResponderSeed);
        _peers = new StaticIdentity[peers];
        _messages = new byte[peers * rounds * InitiationView.Length];
        for (int peer = 0; peer < peers; peer++)
        {
            _peers[peer] = Identity(-1 - peer);
            using var handshake = new Handshake(_responder.PublicKey); // keeps what is the same in every round
            for (int round = 0; round < rounds; round++) Write(handshake, peer, (round * peers) + peer);
        }
    }

    /// <summary>How many peers there are.</summary>
    public int Peers => _peers.Length;

    /// <summary>All messages, 148 bytes each: the first round's, one of every peer, then the next round's.</summary>
    public ReadOnlySpan<byte> Messages => _messages;

    /// <summary>The responder's configuration as a "set" of the control socket, to its empty line.</summary>
    /// <param name="port">Where it is to listen.</param>
    public string Configuration(int port)
    {
        var text = new StringBuilder("set=1\n");
        text.Append(CultureInfo.InvariantCulture, $"private_key={Convert.ToHexStringLower(_responder.PrivateKey.DangerousSpan)}\nlisten_port={port}\n");
        for (int peer = 0; peer < _peers.Length; peer++)
        {
            PublicKey key = _peers[peer].PublicKey;
            text.Append(
                CultureInfo.InvariantCulture,
                $"public_key={Convert.ToHexStringLower(key.AsSpan())}\nallowed_ip=10.8.{peer >> 8 & 255}.{peer & 255}/32\n");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Whether a response is the responder's own, to the initiation whose sender index it names.</summary>
    /// <param name="response">92 bytes.</param>
    public bool IsAuthentic(Span<byte> response)
    {
        if (!ResponseView.TryRead(response, out ResponseView view) || view.Receiver.Value >= _messages.Length / InitiationView.Length) return false;
        int message = (int)view.Receiver.Value, peer = message % _peers.Length;
        using var handshake = new Handshake(_responder.PublicKey);
        Write(handshake, peer, message);
        return handshake.ConsumeResponse(_peers[peer], view) == DropReason.None;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _responder.Dispose();
        foreach (StaticIdentity peer in _peers) peer.Dispose();
    }

    private static StaticIdentity Identity(int seed)
    {
        using var key = PrivateKey.Generate(new SeededEntropy(seed));
        return new StaticIdentity(key);
    }

    private void Write(Handshake handshake, int peer, int message)
    {
        Span<byte> bytes = _messages.AsSpan(message * InitiationView.Length, InitiationView.Length);
        long time = _firstUnixNanoseconds + (message / _peers.Length * NanosecondsPerRound);
        if (!handshake.TryCreateInitiation(_peers[peer], time, new SeededEntropy(message), new SessionIndex((uint)message), bytes))
        {
            throw new InvalidOperationException("A key made by seed is of low order.");
        }

        using var jar = new CookieJar(_responder.PublicKey);
        jar.AddMacs(bytes, default);
    }
}
