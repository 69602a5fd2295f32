using System.Diagnostics.CodeAnalysis;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Noise;

/// <summary>The running state of one handshake: chaining key C, hash H and the key of the last mixing.</summary>
/// <remarks>
/// Lives on the stack of one computation; the result is copied to the peer only when everything was right, and
/// <see cref="Dispose"/> zeroes it on every exit. Source: whitepaper section 5.4; Noise section 5.2.
/// </remarks>
internal struct SymmetricState : IDisposable
{
    private static ReadOnlySpan<byte> Construction => "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8;
    private static ReadOnlySpan<byte> Identifier => "WireGuard v1 zx2c4 Jason@zx2c4.com"u8;

    private Bytes32 _chainingKey;
    private Bytes32 _hash;
    private Bytes32 _key;

    /// <summary>C_i = C_r.</summary>
    [UnscopedRef]
    internal Span<byte> ChainingKey => _chainingKey;

    /// <summary>H_i = H_r.</summary>
    [UnscopedRef]
    internal Span<byte> Hash => _hash;

    /// <summary>§5.4.2: C := Hash(Construction); H := Hash(Hash(C || Identifier) || S_r_pub).</summary>
    internal static SymmetricState Begin(in PublicKey responder)
    {
        var state = default(SymmetricState);
        Blake2s.Hash(Construction, [], state.ChainingKey);
        Blake2s.Hash(state.ChainingKey, Identifier, state.Hash);
        state.MixHash(responder.AsSpan());
        return state;
    }

    /// <summary>The state that a handshake was left in by an earlier message.</summary>
    internal static SymmetricState Resume(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> hash)
    {
        var state = default(SymmetricState);
        chainingKey.CopyTo(state.ChainingKey);
        hash.CopyTo(state.Hash);
        return state;
    }

    /// <summary>H := Hash(H || data).</summary>
    internal void MixHash(ReadOnlySpan<byte> data) => Blake2s.Hash(_hash, data, _hash);

    /// <summary>Token "e": C := Kdf1(C, E_pub); H := Hash(H || E_pub).</summary>
    internal void MixEphemeral(ReadOnlySpan<byte> ephemeral)
    {
        Kdf.Derive1(_chainingKey, ephemeral, _chainingKey);
        MixHash(ephemeral);
    }

    /// <summary>Tokens "ee", "es", "se": (C, k) := Kdf2(C, DH(priv, pub)).</summary>
    /// <returns><see langword="false"/> if the result is all zeros, that is, the public key is of low order.</returns>
    internal bool TryMixDh(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        Bytes32 shared = default;
        bool isContributory = X25519.TryAgree(privateKey, publicKey, shared);
        if (isContributory)
        {
            Kdf.Derive2(_chainingKey, shared, _chainingKey, _key);
        }

        SecretMemory.Zero(shared);
        return isContributory;
    }

    /// <summary>As <see cref="TryMixDh"/>, with a result that was computed beforehand: "ss", and what a batch has computed.</summary>
    internal bool TryMixPrecomputedDh(ReadOnlySpan<byte> shared)
    {
        if (SecretMemory.IsZero(shared))
        {
            return false;
        }

        Kdf.Derive2(_chainingKey, shared, _chainingKey, _key);
        return true;
    }

    /// <summary>Token "psk": (C, t, k) := Kdf3(C, Q); H := Hash(H || t).</summary>
    internal void MixPsk(ReadOnlySpan<byte> presharedKey)
    {
        Bytes32 temporary = default;
        Kdf.Derive3(_chainingKey, presharedKey, _chainingKey, temporary, _key);
        MixHash(temporary);
        SecretMemory.Zero(temporary);
    }

    /// <summary>Aead(k, 0, plaintext, H), then H := Hash(H || ciphertext).</summary>
    internal void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> ciphertextAndTag)
    {
        HandshakeAead.Seal(_key, 0, _hash, plaintext, ciphertextAndTag);
        MixHash(ciphertextAndTag);
    }

    /// <summary>The reverse of <see cref="EncryptAndHash"/>; <see langword="false"/> if the tag is wrong.</summary>
    internal bool TryDecryptAndHash(ReadOnlySpan<byte> ciphertextAndTag, Span<byte> plaintext)
    {
        if (!HandshakeAead.TryOpen(_key, 0, _hash, ciphertextAndTag, plaintext))
        {
            return false;
        }

        MixHash(ciphertextAndTag);
        return true;
    }

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        SecretMemory.Zero(_chainingKey);
        SecretMemory.Zero(_hash);
        SecretMemory.Zero(_key);
    }
}
