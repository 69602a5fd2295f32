using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>From a private key to its public key.</summary>
public static class KeyDerivation
{
    /// <summary>The point with u = 9, least significant byte first. Source: RFC 7748 section 4.1.</summary>
    private static ReadOnlySpan<byte> BasePoint =>
        [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The public key that belongs to <paramref name="privateKey"/>: X25519 with the base point.</summary>
    /// <remarks>
    /// By the ladder: the table of multiples that makes ephemeral keys cheap takes longer to build than a program lives that shows one key.
    /// Source: RFC 7748 section 6.1.
    /// </remarks>
    public static PublicKey DerivePublicKey(this PrivateKey privateKey)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        Span<byte> publicKey = stackalloc byte[PublicKey.Length];
        _ = X25519.TryAgree(privateKey.DangerousSpan, BasePoint, publicKey); // no clamped key makes the base point zero
        return new PublicKey(publicKey);
    }
}
