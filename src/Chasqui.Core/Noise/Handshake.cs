using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Noise;

/// <summary>The handshake with one peer: its five states and the secrets that it keeps between messages.</summary>
/// <remarks>
/// Every step computes on locals and copies to this object at its end, when everything was right; a message that fails
/// changes nothing. The steps are in <c>Handshake.Initiator.cs</c> and <c>Handshake.Responder.cs</c>, each with the tokens
/// of the Noise pattern beside it. Guarded by the tunnel's control lock. Source: whitepaper section 5.4.
/// </remarks>
internal sealed partial class Handshake : IDisposable
{
    private readonly PublicKey _remoteStatic;
    private readonly ISecretGuard? _guard;

    // Allocated while a handshake is under way and zeroed when it ends: an idle peer keeps none of it.
    private byte[]? _secrets;
    private byte[]? _staticStatic;
    private PresharedKey? _presharedKey;
    private uint _remoteIndex;
    private Timestamp _latestTimestamp;
    private Instant? _lastInitiationConsumption;

    /// <summary>A handshake with the owner of <paramref name="remoteStatic"/>, not begun.</summary>
    internal Handshake(in PublicKey remoteStatic, ISecretGuard? guard = null)
    {
        _remoteStatic = remoteStatic;
        _guard = guard;
    }

    /// <summary>How far the handshake has come.</summary>
    internal HandshakeState State { get; private set; }

    /// <summary>Our index in the handshake, while the index table has it.</summary>
    internal SessionIndex? LocalIndex { get; set; }

    /// <summary>When the peer dated the last initiation that was accepted, in nanoseconds since 1970; 0 for none.</summary>
    internal long LatestTimestampUnixNanoseconds => Tai64n.ReadUnixNanoseconds(_latestTimestamp);

    /// <summary>Q, or null for none.</summary>
    internal PresharedKey? PresharedKey => _presharedKey;

    private Span<byte> ChainingKey => Secrets.AsSpan(0, 32);

    private Span<byte> Hash => Secrets.AsSpan(32, 32);

    /// <summary>Our ephemeral private key, from the message that carries its public half until the session is derived.</summary>
    internal Span<byte> EphemeralPrivate => Secrets.AsSpan(64, 32);

    private Span<byte> RemoteEphemeral => Secrets.AsSpan(96, 32);

    private byte[] Secrets => _secrets ??= AllocateGuarded(128);

    /// <summary>Sets Q; all zeros or null removes it. A handshake under way goes on with the new key.</summary>
    internal void SetPresharedKey(PresharedKey? key)
    {
        _presharedKey?.Dispose();
        _presharedKey = key is null || key.IsZero ? null : new PresharedKey(key.DangerousSpan);
        if (_presharedKey is not null)
        {
            _guard?.Guard(_presharedKey.DangerousSpan);
        }
    }

    /// <summary>Forgets what depends on our own private key, because that has changed.</summary>
    internal void ForgetStaticStatic()
    {
        SecretMemory.Zero(_staticStatic);
        _staticStatic = null;
    }

    /// <summary>Ends the handshake and zeroes its secrets. The replay defence stays.</summary>
    internal void Clear()
    {
        SecretMemory.Zero(_secrets);
        _secrets = null;
        _remoteIndex = 0;
        State = HandshakeState.Zeroed;
    }

    /// <summary>Derives the transport keys from a finished handshake and zeroes it.</summary>
    /// <param name="sending">Receives 32 bytes; the caller zeroes them.</param>
    /// <param name="receiving">Receives 32 bytes; the caller zeroes them.</param>
    /// <param name="remote">The peer's index.</param>
    /// <param name="isInitiator">Whether we sent the initiation.</param>
    /// <returns><see langword="false"/> if the handshake is not finished.</returns>
    /// <remarks>§5.4.5: (T_send, T_recv) := Kdf2(C, empty), the other way round for the responder.</remarks>
    internal bool TryDeriveKeys(Span<byte> sending, Span<byte> receiving, out SessionIndex remote, out bool isInitiator)
    {
        isInitiator = State == HandshakeState.ConsumedResponse;
        remote = new SessionIndex(_remoteIndex);
        if (!isInitiator && State != HandshakeState.CreatedResponse)
        {
            return false;
        }

        Kdf.Derive2(ChainingKey, [], isInitiator ? sending : receiving, isInitiator ? receiving : sending);
        Clear();
        return true;
    }

    /// <summary>Zeroes all secrets, the preshared key included.</summary>
    public void Dispose()
    {
        Clear();
        ForgetStaticStatic();
        SetPresharedKey(null);
    }

    /// <summary>Token "ss". Computed at the first use and kept: thousands of idle peers cost nothing at start.</summary>
    private ReadOnlySpan<byte> StaticStatic(StaticIdentity identity)
    {
        if (_staticStatic is null)
        {
            _staticStatic = AllocateGuarded(ProtocolConstants.KeyLength);
            // All zeros for a low-order public key; the mixing refuses that.
            _ = X25519.TryAgree(identity.PrivateKey.DangerousSpan, _remoteStatic.AsSpan(), _staticStatic);
        }

        return _staticStatic;
    }

    private byte[] AllocateGuarded(int lengthBytes)
    {
        byte[] secret = SecretMemory.Allocate(lengthBytes);
        _guard?.Guard(secret);
        return secret;
    }

    /// <summary>Copies Q, or zeros: §5.4.1, "the preshared key is all zeros if there is none".</summary>
    private void CopyPresharedKey(Span<byte> destination)
    {
        if (_presharedKey is null)
        {
            destination.Clear();
        }
        else
        {
            _presharedKey.DangerousSpan.CopyTo(destination);
        }
    }
}
