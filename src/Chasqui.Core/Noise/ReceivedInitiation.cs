using System.Diagnostics.CodeAnalysis;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Noise;

/// <summary>An initiation of which the first half is read: it names its sender, whom the caller looks up.</summary>
/// <remarks>
/// The second half needs the sender's static-static secret: <see cref="Handshake.ConsumeInitiation"/>. Nothing is
/// authenticated yet. The caller disposes it, which zeroes what was computed.
/// </remarks>
internal struct ReceivedInitiation : IDisposable
{
    private SymmetricState _state;
    private PublicKey _remoteStatic;

    /// <summary>S_i_pub as decrypted.</summary>
    internal readonly PublicKey RemoteStatic => _remoteStatic;

    /// <summary>The running state after "e, es, s".</summary>
    [UnscopedRef]
    internal ref SymmetricState State => ref _state;

    /// <summary>§5.4.2: reads e, es, s.</summary>
    /// <returns><see cref="DropReason.None"/>, or why the message goes no further.</returns>
    internal DropReason TryRead(StaticIdentity identity, InitiationView view)
    {
        PublicKey responder = identity.PublicKey;
        _state = SymmetricState.Begin(responder);

        // e
        _state.MixEphemeral(view.Ephemeral);

        // es
        if (!_state.TryMixDh(identity.PrivateKey.DangerousSpan, view.Ephemeral))
        {
            return DropReason.LowOrderPublicKey;
        }

        // s
        return _state.TryDecryptAndHash(view.SealedStatic, _remoteStatic) ? DropReason.None : DropReason.HandshakeAuthenticationFailed;
    }

    /// <summary>Zeroes the state.</summary>
    public void Dispose() => _state.Dispose();
}
