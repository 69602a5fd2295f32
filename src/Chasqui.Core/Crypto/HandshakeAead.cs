using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Engines;

namespace Chasqui.Core.Crypto;

/// <summary>ChaCha20-Poly1305 with associated data, for the few short fields of a handshake; packets have their own.</summary>
/// <remarks>Buffers and overlaps: as <see cref="AeadConstruction"/> says. Source: RFC 8439; whitepaper section 5.4 (Aead).</remarks>
internal static class HandshakeAead
{
    private const int NonceLength = 12;

    /// <summary>Encrypts and appends the tag.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="counter">The nonce: four zero bytes and then this, little-endian.</param>
    /// <param name="associatedData">Any length.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="ciphertextAndTag">16 bytes longer than the plaintext.</param>
    internal static void Seal(
        ReadOnlySpan<byte> key,
        ulong counter,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertextAndTag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(counter, nonce);
        Seal(key, nonce, associatedData, plaintext, ciphertextAndTag);
    }

    /// <summary>Checks the tag and decrypts.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="counter">The nonce: four zero bytes and then this, little-endian.</param>
    /// <param name="associatedData">Any length.</param>
    /// <param name="ciphertextAndTag">Any length.</param>
    /// <param name="plaintext">16 bytes shorter than the input.</param>
    /// <returns>Whether the message is authentic; if not, <paramref name="plaintext"/> is zeroed.</returns>
    internal static bool TryOpen(
        ReadOnlySpan<byte> key,
        ulong counter,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertextAndTag,
        Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(counter, nonce);
        return TryOpen(key, nonce, associatedData, ciphertextAndTag, plaintext);
    }

    /// <summary>As the other overload, with the 12-byte nonce of RFC 8439.</summary>
    internal static void Seal(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce12,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertextAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce12.Length, NonceLength);
        AeadConstruction.Seal(new ChaCha7539Engine(), key, nonce12, associatedData, plaintext, ciphertextAndTag);
    }

    /// <summary>As the other overload, with the 12-byte nonce of RFC 8439.</summary>
    internal static bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce12,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertextAndTag,
        Span<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce12.Length, NonceLength);
        return AeadConstruction.TryOpen(new ChaCha7539Engine(), key, nonce12, associatedData, ciphertextAndTag, plaintext);
    }

    private static void WriteNonce(ulong counter, Span<byte> nonce)
    {
        nonce[..(NonceLength - sizeof(ulong))].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[(NonceLength - sizeof(ulong))..], counter);
    }
}
