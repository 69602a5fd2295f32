using System.Buffers.Binary;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>ChaCha20-Poly1305 with associated data, for the few short fields of a handshake; packets have their own.</summary>
/// <remarks>
/// A text may be the front of the buffer with its tag, else it must not overlap it; associated data overlaps no output. What passes
/// through the stack is zeroed. Source: RFC 8439 section 2.8; whitepaper section 5.4 (Aead).
/// </remarks>
internal static class HandshakeAead
{
    private const int NonceLength = 12;
    private const int OneTimeKeyLength = 32;
    private const int TagLength = ProtocolConstants.TagLength;

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
        Check(key, nonce12);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertextAndTag.Length, plaintext.Length + TagLength);
        Span<byte> ciphertext = ciphertextAndTag[..plaintext.Length];
        plaintext.CopyTo(ciphertext);
        ChaCha20.Xor(key, nonce12, block: 1, ciphertext);
        BinaryPrimitives.WriteUInt128LittleEndian(ciphertextAndTag[plaintext.Length..], ComputeTag(key, nonce12, associatedData, ciphertext));
    }

    /// <summary>As the other overload, with the 12-byte nonce of RFC 8439.</summary>
    internal static bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce12,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertextAndTag,
        Span<byte> plaintext)
    {
        Check(key, nonce12);
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, Math.Max(0, ciphertextAndTag.Length - TagLength));
        if (ciphertextAndTag.Length < TagLength)
        {
            return false;
        }

        ReadOnlySpan<byte> ciphertext = ciphertextAndTag[..^TagLength];
        UInt128 tag = ComputeTag(key, nonce12, associatedData, ciphertext);
        if (!Poly1305.IsTag(ciphertextAndTag[^TagLength..], tag))
        {
            plaintext.Clear();
            return false;
        }

        ciphertext.CopyTo(plaintext);
        ChaCha20.Xor(key, nonce12, block: 1, plaintext);
        return true;
    }

    /// <summary>Under the one-time key from block 0. Source: RFC 8439 section 2.6.</summary>
    private static UInt128 ComputeTag(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce12, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> oneTimeKey = stackalloc byte[OneTimeKeyLength];
        oneTimeKey.Clear();
        ChaCha20.Xor(key, nonce12, block: 0, oneTimeKey);
        UInt128 tag = Poly1305.Tag(oneTimeKey, associatedData, ciphertext);
        SecretMemory.Zero(oneTimeKey);
        return tag;
    }

    private static void Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce12)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ProtocolConstants.KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce12.Length, NonceLength);
    }

    private static void WriteNonce(ulong counter, Span<byte> nonce)
    {
        nonce[..(NonceLength - sizeof(ulong))].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[(NonceLength - sizeof(ulong))..], counter);
    }
}
