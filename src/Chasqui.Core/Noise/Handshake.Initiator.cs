using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Noise;

/// <summary>The initiator's two steps.</summary>
internal sealed partial class Handshake
{
    /// <summary>§5.4.2, first message: writes the initiation but for its two MACs.</summary>
    /// <param name="identity">Our static key pair.</param>
    /// <param name="unixNanoseconds">Wall time, for the timestamp.</param>
    /// <param name="entropy">Source of the ephemeral key.</param>
    /// <param name="sender">Our index.</param>
    /// <param name="message">148 bytes.</param>
    /// <returns><see langword="false"/>, and nothing changed, if the peer's public key is of low order.</returns>
    internal bool TryCreateInitiation(
        StaticIdentity identity, long unixNanoseconds, IEntropy entropy, SessionIndex sender, Span<byte> message)
    {
        InitiationView view = InitiationView.Begin(message, sender);
        Bytes32 ephemeral = default;
        var state = SymmetricState.Begin(_remoteStatic);
        try
        {
            // e
            DrawEphemeral(entropy, ephemeral);
            X25519.DerivePublicKey(ephemeral, view.Ephemeral);
            state.MixEphemeral(view.Ephemeral);

            // es
            if (!state.TryMixDh(ephemeral, _remoteStatic.AsSpan()))
            {
                return false;
            }

            // s
            PublicKey publicKey = identity.PublicKey;
            state.EncryptAndHash(publicKey.AsSpan(), view.SealedStatic);

            // ss
            if (!state.TryMixPrecomputedDh(StaticStatic(identity)))
            {
                return false;
            }

            // {t}
            Timestamp timestamp = default;
            Tai64n.Write(unixNanoseconds, timestamp);
            state.EncryptAndHash(timestamp, view.SealedTimestamp);

            Commit(ref state, HandshakeState.CreatedInitiation);
            ((ReadOnlySpan<byte>)ephemeral).CopyTo(EphemeralPrivate);
            return true;
        }
        finally
        {
            state.Dispose();
            SecretMemory.Zero(ephemeral);
        }
    }

    /// <summary>§5.4.3, second message: accepts the response to our initiation.</summary>
    /// <returns><see cref="DropReason.None"/> if it is authentic; otherwise nothing has changed.</returns>
    internal DropReason ConsumeResponse(StaticIdentity identity, ResponseView view)
    {
        if (State != HandshakeState.CreatedInitiation)
        {
            return DropReason.NoMatchingHandshake;
        }

        Bytes32 presharedKey = default;
        var state = SymmetricState.Resume(ChainingKey, Hash);
        try
        {
            // e
            state.MixEphemeral(view.Ephemeral);

            // ee, se
            if (!state.TryMixDh(EphemeralPrivate, view.Ephemeral)
                || !state.TryMixDh(identity.PrivateKey.DangerousSpan, view.Ephemeral))
            {
                return DropReason.LowOrderPublicKey;
            }

            // psk
            CopyPresharedKey(presharedKey);
            state.MixPsk(presharedKey);

            // {}
            if (!state.TryDecryptAndHash(view.SealedNothing, []))
            {
                return DropReason.HandshakeAuthenticationFailed;
            }

            Commit(ref state, HandshakeState.ConsumedResponse);
            _remoteIndex = view.Sender.Value;
            return DropReason.None;
        }
        finally
        {
            state.Dispose();
            SecretMemory.Zero(presharedKey);
        }
    }

    private static void DrawEphemeral(IEntropy entropy, Span<byte> privateKey)
    {
        entropy.Fill(privateKey);
        PrivateKey.Clamp(privateKey);
    }

    private void Commit(ref SymmetricState state, HandshakeState next)
    {
        state.ChainingKey.CopyTo(ChainingKey);
        state.Hash.CopyTo(Hash);
        State = next;
    }
}
