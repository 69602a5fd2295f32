using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>From a private key to its public key.</summary>
public static class KeyDerivation
{
    /// <summary>The public key that belongs to <paramref name="privateKey"/>: X25519 with the base point.</summary>
    /// <remarks>Source: RFC 7748 section 6.1.</remarks>
    public static PublicKey DerivePublicKey(this PrivateKey privateKey)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        Span<byte> publicKey = stackalloc byte[PublicKey.Length];
        X25519.DerivePublicKey(privateKey.DangerousSpan, publicKey);
        return new PublicKey(publicKey);
    }
}
