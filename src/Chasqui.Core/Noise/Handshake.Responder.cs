using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Noise;

/// <summary>The responder's two steps.</summary>
internal sealed partial class Handshake
{
    private static readonly TimeSpan MinimumInitiationGap = TimeSpan.FromSeconds(1) / ProtocolConstants.InitiationsPerSecond;

    /// <summary>§5.4.2, second half: authenticates an initiation and accepts it if it is new.</summary>
    /// <param name="identity">Our static key pair.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="received">The first half, from this peer.</param>
    /// <param name="view">The message.</param>
    /// <returns><see cref="DropReason.None"/> if it was accepted; otherwise nothing has changed.</returns>
    internal DropReason ConsumeInitiation(StaticIdentity identity, Instant now, ref ReceivedInitiation received, InitiationView view)
    {
        // ss
        if (!received.State.TryMixPrecomputedDh(StaticStatic(identity)))
        {
            return DropReason.LowOrderPublicKey;
        }

        // {t}
        Timestamp timestamp = default;
        if (!received.State.TryDecryptAndHash(view.SealedTimestamp, timestamp))
        {
            return DropReason.HandshakeAuthenticationFailed;
        }

        // §5.1: the timestamp must be greater than any that this peer has sent before.
        if (!timestamp.IsAfter(_latestTimestamp))
        {
            return DropReason.ReplayedTimestamp;
        }

        if (_lastInitiationConsumption is { } last && last + MinimumInitiationGap > now)
        {
            return DropReason.InitiationFlood;
        }

        Commit(ref received.State, HandshakeState.ConsumedInitiation);
        view.Ephemeral.CopyTo(RemoteEphemeral);
        _latestTimestamp = timestamp;
        _lastInitiationConsumption = now;
        _remoteIndex = view.Sender.Value;
        return DropReason.None;
    }

    /// <summary>§5.4.3, second message: writes the response but for its two MACs.</summary>
    /// <returns><see langword="false"/>, and nothing changed, if a Diffie-Hellman result is all zeros.</returns>
    internal bool TryCreateResponse(IEntropy entropy, SessionIndex sender, Span<byte> message)
    {
        if (State != HandshakeState.ConsumedInitiation)
        {
            return false;
        }

        ResponseView view = ResponseView.Begin(message, sender, new SessionIndex(_remoteIndex));
        Bytes32 ephemeral = default, presharedKey = default;
        X25519Batch products = default;
        var state = SymmetricState.Resume(ChainingKey, Hash);
        try
        {
            // All that our ephemeral key is multiplied with, side by side.
            DrawEphemeral(entropy, ephemeral);
            products.Add(ephemeral, X25519.BasePoint);
            products.Add(ephemeral, RemoteEphemeral);
            products.Add(ephemeral, _remoteStatic.AsSpan());
            products.Compute();

            // e
            products[0].CopyTo(view.Ephemeral);
            state.MixEphemeral(view.Ephemeral);

            // ee, se
            if (!state.TryMixPrecomputedDh(products[1]) || !state.TryMixPrecomputedDh(products[2]))
            {
                return false;
            }

            // psk
            CopyPresharedKey(presharedKey);
            state.MixPsk(presharedKey);

            // {}
            state.EncryptAndHash([], view.SealedNothing);

            Commit(ref state, HandshakeState.CreatedResponse);
            ((ReadOnlySpan<byte>)ephemeral).CopyTo(EphemeralPrivate);
            return true;
        }
        finally
        {
            state.Dispose();
            products.Dispose();
            SecretMemory.Zero(ephemeral);
            SecretMemory.Zero(presharedKey);
        }
    }
}
