using System.Globalization;
using Chasqui.Core.DoS;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Noise;

/// <summary>What we once said to wireguard-go and it to us, said again: ours byte for byte, its understood.</summary>
/// <remarks>The files were made by <see cref="TranscriptRecorder"/>.</remarks>
public sealed class TranscriptTests
{
    private static readonly Instant Now = new(1_000_000_000);

    [Fact]
    public void AsInitiatorWeSayTheSameAndUnderstandTheAnswers()
    {
        Transcript transcript = Load("wireguard-go-initiator.txt");
        using StaticIdentity identity = Identity(transcript);
        using Handshake handshake = MakeHandshake(transcript);
        QueuedEntropy entropy = Ephemeral(transcript);
        byte[] initiation = new byte[InitiationView.Length];
        long wall = long.Parse(transcript["wall-nanoseconds"], CultureInfo.InvariantCulture);

        Assert.True(handshake.TryCreateInitiation(identity, wall, entropy, Index(transcript), initiation));
        AddMacs(transcript, initiation);
        Assert.Equal(transcript.Bytes("initiation"), initiation);

        Assert.True(ResponseView.TryRead(transcript.Bytes("response"), out ResponseView response));
        Assert.Equal(Index(transcript), response.Receiver);
        Assert.Equal(DropReason.None, handshake.ConsumeResponse(identity, response));
        AssertData(transcript, handshake);
    }

    [Fact]
    public void AsResponderWeAnswerTheSameAndUnderstandWhatFollows()
    {
        Transcript transcript = Load("wireguard-go-responder.txt");
        using StaticIdentity identity = Identity(transcript);
        using Handshake handshake = MakeHandshake(transcript);
        QueuedEntropy entropy = Ephemeral(transcript);
        Assert.True(InitiationView.TryRead(transcript.Bytes("initiation"), out InitiationView initiation));
        ReceivedInitiation received = default;
        Assert.Equal(DropReason.None, received.TryRead(identity, initiation));
        Assert.Equal(Remote(transcript), received.RemoteStatic);
        Assert.Equal(DropReason.None, handshake.ConsumeInitiation(identity, Now, ref received, initiation));

        byte[] response = new byte[ResponseView.Length];
        Assert.True(handshake.TryCreateResponse(entropy, Index(transcript), response));
        AddMacs(transcript, response);
        Assert.Equal(transcript.Bytes("response"), response);
        AssertData(transcript, handshake);
    }

    /// <summary>Opens what it sent and seals again what we sent.</summary>
    private static void AssertData(Transcript transcript, Handshake handshake)
    {
        byte[] sending = new byte[32], receiving = new byte[32];
        Assert.True(handshake.TryDeriveKeys(sending, receiving, out SessionIndex remote, out bool isInitiator));
        using var keypair = new Keypair(sending, receiving, Index(transcript), remote, isInitiator, Now);
        byte[] theirs = transcript.Bytes("their-data");
        Assert.True(TransportView.TryRead(theirs, out TransportView view));
        Assert.Equal(Index(transcript), view.Receiver);
        PacketSlot[] slots =
            [new PacketSlot { Offset = TransportView.HeaderLength, Length = theirs.Length - Tunnel.DataOverhead, Counter = view.Counter }];
        keypair.Open(theirs, slots);
        Assert.True(slots[0].IsAuthentic);
        Assert.Equal(transcript.Bytes("their-plaintext"), theirs[slots[0].Offset..(slots[0].Offset + slots[0].Length)]);

        byte[] plaintext = transcript.Bytes("our-plaintext"), ours = new byte[plaintext.Length + Tunnel.DataOverhead];
        TransportView.WriteHeader(ours, remote, 0);
        plaintext.CopyTo(ours.AsSpan(TransportView.HeaderLength));
        keypair.Seal(ours, new PacketSlot[] { new() { Offset = TransportView.HeaderLength, Length = plaintext.Length } });
        Assert.Equal(transcript.Bytes("our-data"), ours);
    }

    private static Transcript Load(string name) => Transcript.Read(Path.Combine(AppContext.BaseDirectory, "Noise", "Transcripts", name));

    private static StaticIdentity Identity(Transcript transcript)
    {
        using var key = new PrivateKey(transcript.Bytes("our-private"));
        return new StaticIdentity(key);
    }

    private static PublicKey Remote(Transcript transcript) => new(Whitepaper.Public(transcript.Bytes("their-private")));

    private static Handshake MakeHandshake(Transcript transcript)
    {
        var handshake = new Handshake(Remote(transcript));
        using var presharedKey = new PresharedKey(transcript.Bytes("preshared"));
        handshake.SetPresharedKey(presharedKey);
        return handshake;
    }

    private static QueuedEntropy Ephemeral(Transcript transcript)
    {
        var entropy = new QueuedEntropy();
        entropy.Add(transcript.Bytes("our-ephemeral-private"));
        return entropy;
    }

    private static SessionIndex Index(Transcript transcript) => Datagram.ReadIndex(transcript.Bytes("our-index"));

    private static void AddMacs(Transcript transcript, byte[] message)
    {
        using var jar = new CookieJar(Remote(transcript));
        jar.AddMacs(message, Now);
    }
}
