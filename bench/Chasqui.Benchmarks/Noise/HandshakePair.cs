using Chasqui.Core;
using Chasqui.Core.Keys;
using Chasqui.Core.Noise;
using Chasqui.Core.Wire;

namespace Chasqui.Benchmarks.Noise;

/// <summary>An initiator and a responder, taken through the four steps.</summary>
internal sealed class HandshakePair
{
    private const long WallNanoseconds = 1_700_000_000_000_000_000;

    private static readonly Instant Now = new(1_000_000_000_000);
    private static readonly SeededEntropy Entropy = new(1);
    private static readonly StaticIdentity Initiator = new(PrivateKey.Generate(Entropy));
    private static readonly StaticIdentity Responder = new(PrivateKey.Generate(Entropy));

    private readonly Handshake _initiator = new(Responder.PublicKey);
    private readonly Handshake _responder = new(Initiator.PublicKey);
    private readonly byte[] _initiation = new byte[InitiationView.Length];
    private readonly byte[] _response = new byte[ResponseView.Length];
    private int _initiations;

    /// <summary>The static keys' secret is computed once for a peer, not once for a handshake: here, before anything is timed.</summary>
    internal HandshakePair()
    {
        CreateInitiation();
        ConsumeInitiation();
        _initiator.Clear();
        _responder.Clear();
    }

    /// <summary>Takes steps; the first is 1.</summary>
    internal void Take(int first, int last)
    {
        for (int step = first; step <= last; step++)
        {
            switch (step)
            {
                case 1: CreateInitiation(); break;
                case 2: ConsumeInitiation(); break;
                case 3: CreateResponse(); break;
                default: ConsumeResponse(); break;
            }
        }
    }

    /// <summary>The keys of both ends.</summary>
    internal void DeriveKeys()
    {
        Span<byte> sending = stackalloc byte[ProtocolConstants.KeyLength], receiving = stackalloc byte[ProtocolConstants.KeyLength];
        Check(_initiator.TryDeriveKeys(sending, receiving, out _, out _) && _responder.TryDeriveKeys(sending, receiving, out _, out _));
    }

    private void CreateInitiation() => Check(_initiator.TryCreateInitiation(
        Initiator, WallNanoseconds + (_initiations++ * 1_000_000_000L), Entropy, new SessionIndex(1), _initiation));

    private void ConsumeInitiation()
    {
        _ = InitiationView.TryRead(_initiation, out InitiationView view);
        ReceivedInitiation received = default;
        Check(received.TryRead(Responder, view) == DropReason.None);
        Check(_responder.ConsumeInitiation(Responder, Now + TimeSpan.FromSeconds(_initiations), ref received, view) == DropReason.None);
        received.Dispose();
    }

    private void CreateResponse() => Check(_responder.TryCreateResponse(Entropy, new SessionIndex(2), _response));

    private void ConsumeResponse()
    {
        _ = ResponseView.TryRead(_response, out ResponseView view);
        Check(_initiator.ConsumeResponse(Initiator, view) == DropReason.None);
    }

    private static void Check(bool isDone)
    {
        if (!isDone) throw new InvalidOperationException("The handshake has failed.");
    }
}
