using Org.BouncyCastle.Crypto.Engines;

namespace Chasqui.Core.Crypto;

/// <summary>XChaCha20-Poly1305, whose nonce is long enough to be random: the cookie reply's.</summary>
/// <remarks>
/// Buffers and overlaps: as <see cref="AeadConstruction"/> says.
/// Source: draft-irtf-cfrg-xchacha-03; whitepaper section 5.4 (Xaead) and section 5.4.7.
/// </remarks>
internal static class XChaCha20Poly1305
{
    /// <summary>Encrypts and appends the tag.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce24">24 bytes.</param>
    /// <param name="associatedData">Any length.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="ciphertextAndTag">16 bytes longer than the plaintext.</param>
    internal static void Seal(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce24,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertextAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce24.Length, ProtocolConstants.CookieNonceLength);
        AeadConstruction.Seal(new XChaCha20Engine(), key, nonce24, associatedData, plaintext, ciphertextAndTag);
    }

    /// <summary>Checks the tag and decrypts.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce24">24 bytes.</param>
    /// <param name="associatedData">Any length.</param>
    /// <param name="ciphertextAndTag">Any length.</param>
    /// <param name="plaintext">16 bytes shorter than the input.</param>
    /// <returns>Whether the message is authentic; if not, <paramref name="plaintext"/> is zeroed.</returns>
    internal static bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce24,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertextAndTag,
        Span<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce24.Length, ProtocolConstants.CookieNonceLength);
        return AeadConstruction.TryOpen(new XChaCha20Engine(), key, nonce24, associatedData, ciphertextAndTag, plaintext);
    }
}
