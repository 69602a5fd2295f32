using Chasqui.Core.Keys;
using Rfc7748 = Org.BouncyCastle.Math.EC.Rfc7748;

namespace Chasqui.Core.Crypto;

/// <summary>Diffie-Hellman on Curve25519, by BouncyCastle.</summary>
/// <remarks>
/// Private keys are clamped at use; public keys may have their top bit set or lie above the prime, which is ignored or reduced.
/// The package computes in constant time but keeps intermediate values in arrays that nobody zeroes: docs/adr/0001-crypto-packages.md.
/// Source: RFC 7748 sections 5 and 6.1; whitepaper section 5.4 (DH).
/// </remarks>
internal static class X25519
{
    internal const int KeyLength = ProtocolConstants.KeyLength;

    /// <summary>Computes the shared secret of a private key and somebody's public key.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="publicKey">32 bytes, any.</param>
    /// <param name="shared">32 bytes; may be the memory of one of the keys.</param>
    /// <returns>
    /// <see langword="false"/> if the result is all zeros, as it is for the points of low order: then there is no secret.
    /// </returns>
    internal static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(privateKey.Length, KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(shared.Length, KeyLength);
        Rfc7748.X25519.ScalarMult(privateKey, publicKey, shared);
        return !SecretMemory.IsZero(shared);
    }

    /// <summary>Computes the public key of a private key.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="publicKey">32 bytes; may be the memory of the private key.</param>
    internal static void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(privateKey.Length, KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, KeyLength);
        Rfc7748.X25519.ScalarMultBase(privateKey, publicKey);
    }
}
