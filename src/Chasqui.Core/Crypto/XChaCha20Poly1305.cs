using System.Buffers.Binary;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>XChaCha20-Poly1305, whose nonce is long enough to be random: the cookie reply's.</summary>
/// <remarks>
/// Buffers and overlaps: as <see cref="HandshakeAead"/> says.
/// Source: draft-irtf-cfrg-xchacha-03 section 2.3; whitepaper section 5.4 (Xaead) and section 5.4.7.
/// </remarks>
internal static class XChaCha20Poly1305
{
    private const int SubkeyNonceLength = 16; // of the nonce's 24 bytes; the rest is the AEAD's nonce

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
        Span<byte> subkey = stackalloc byte[ProtocolConstants.KeyLength];
        HandshakeAead.Seal(subkey, Derive(key, nonce24, subkey), associatedData, plaintext, ciphertextAndTag);
        SecretMemory.Zero(subkey);
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
        Span<byte> subkey = stackalloc byte[ProtocolConstants.KeyLength];
        bool isAuthentic = HandshakeAead.TryOpen(subkey, Derive(key, nonce24, subkey), associatedData, ciphertextAndTag, plaintext);
        SecretMemory.Zero(subkey);
        return isAuthentic;
    }

    /// <summary>Derives the subkey.</summary>
    /// <returns>The nonce to use under it.</returns>
    private static ulong Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce24, Span<byte> subkey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ProtocolConstants.KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce24.Length, ProtocolConstants.CookieNonceLength);
        ChaCha20.DeriveSubkey(key, nonce24[..SubkeyNonceLength], subkey);
        return BinaryPrimitives.ReadUInt64LittleEndian(nonce24[SubkeyNonceLength..]);
    }
}
